/** What the form of a body cannot say of its files: whether they can lie beside each other. */
import type { FieldProblem } from '../../runner/errors.ts';
import { fieldName, invalidRequest, shorten } from '../problems.ts';

/** Of one file or folder, in UTF-8, bytes (NAME_MAX of Linux). */
const LONGEST_NAME_BYTES = 255;

/**
 * @param files Path → content; each path is of the body's form.
 * @throws {CodeLandError} `invalidRequest` with each path that no folder could have.
 */
export function requirePlaceable(files: Readonly<Record<string, string>>): void {
  const paths = new Set(Object.keys(files));
  const problems = [...paths].flatMap((path) => problemOf(path, paths));
  if (problems.length > 0) throw invalidRequest(problems);
}

function problemOf(path: string, paths: ReadonlySet<string>): FieldProblem[] {
  const problem = (expected: string) => [
    { field: fieldName('body.files', path), expected, received: shorten(path) },
  ];
  const names = path.split('/');
  if (names.some((name) => Buffer.byteLength(name) > LONGEST_NAME_BYTES)) {
    return problem(`names of at most ${LONGEST_NAME_BYTES} bytes`);
  }
  const folders = names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
  return folders.some((folder) => paths.has(folder)) ? problem('a path below no other file') : [];
}
