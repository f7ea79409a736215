/** What the server's own types say of each route: bodies, queries and the answers of each status. */
import type { App } from '../app.ts';

export type Routes = App['~Routes'];
