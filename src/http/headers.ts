/** Bounds a request's header. Bun refuses a larger one by itself, without a word of the API. */
import http from 'node:http';
import { Elysia } from 'elysia';
import { invalidRequest } from './problems.ts';

/** Target, names and values together, bytes. */
const HEADER_LIMIT_BYTES = 16 << 10;

/** What a server of this process reads at all, bytes: a header between the two limits gets the API's own answer. */
const READ_LIMIT_BYTES = 1 << 20;

// Node's types know the property as read-only; Bun's servers follow it.
const readLargeHeaders = () => void Reflect.set(http, 'maxHeaderSize', READ_LIMIT_BYTES);

export const boundedHeader = new Elysia({ name: 'bounded-header' })
  .onStart(readLargeHeaders)
  .onRequest(({ request }) => {
    let bytes = request.url.length;
    request.headers.forEach((value, name) => {
      bytes += name.length + value.length;
    });
    if (bytes <= HEADER_LIMIT_BYTES) return;
    throw invalidRequest([
      {
        field: 'header',
        expected: `at most ${HEADER_LIMIT_BYTES} bytes of target, names and values`,
        received: `${bytes} bytes`,
      },
    ]);
  });
