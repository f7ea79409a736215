import { connect } from 'node:net';

/** Sends bytes as they are and gives what comes back until the first answer is whole or the server hangs up. */
export function rawRequest(port: number, request: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    answer += text;
    const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1];
    const bodyAt = answer.indexOf('\r\n\r\n') + 4;
    if (length !== undefined && bodyAt >= 4 && answer.length >= bodyAt + Number(length)) socket.end();
  });
  socket.once('error', reject);
  socket.once('close', () => resolve(answer));
  socket.write(request, 'latin1');
  return promise;
}

/** The number after `HTTP/1.1`. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

/** The JSON after the header of an answer. @throws When it is none. */
export function bodyOf(answer: string): unknown {
  return JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString());
}
