/** Answers guests, by UDP and by TCP. */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { writeAnswer, writeError } from './answer.ts';
import { type Guest, Guests } from './guests.ts';
import { CONNECTIONS, QUESTION_BYTES, UDP_BYTES } from './limits.ts';
import { type Question, QuestionError, Rcode, readQuestion } from './question.ts';
import { firstMessage, withLength } from './stream.ts';
import { ask, type Upstream } from './upstream.ts';

type Transport = 'udp' | 'tcp';

/** What may wait for a guest that does not read its answers, bytes: the largest answer has less. */
const BACKLOG_BYTES = 64 * 1024;

export class Service {
  readonly guests = new Guests();
  readonly #upstreams: readonly Upstream[];

  /** @param upstreams The first is asked first. */
  constructor(upstreams: readonly Upstream[]) {
    this.#upstreams = upstreams;
  }

  /**
   * Listens on both.
   * @param address IPv4.
   * @returns Ends it, and dismisses every guest.
   * @throws {Error} When the address cannot be had.
   */
  async listen(address: string, port: number): Promise<Disposable> {
    using stack = new DisposableStack();
    const datagrams = stack.adopt(createSocket('udp4'), (socket) => socket.close());
    const connections = stack.adopt(createServer(), (server) => server.close());
    stack.defer(() => this.guests.dismissAll());
    datagrams.on('message', (packet, { address, port }) => {
      const guest = this.guests.get(address);
      if (!guest?.mayAsk()) return;
      void this.#answer(guest, packet, 'udp').then((answer) => {
        if (answer) datagrams.send(answer, port, address, () => {});
      });
    });
    connections.on('connection', (connection) => this.#serve(connection));
    const bound = Promise.withResolvers<void>();
    const listening = Promise.withResolvers<void>();
    // Later ones are about an answer or a connection that failed; the next one need not.
    datagrams.on('error', bound.reject);
    connections.on('error', listening.reject);
    datagrams.bind({ address, port }, bound.resolve);
    connections.listen({ host: address, port }, listening.resolve);
    await Promise.all([bound.promise, listening.promise]);
    return stack.move();
  }

  /** Answers what comes over one connection (RFC 7766), each question as soon as it can. */
  #serve(connection: Socket): void {
    connection.on('error', () => {});
    const guest = this.guests.get(connection.remoteAddress ?? '');
    if (!guest?.take(connection)) {
      connection.destroy();
      return;
    }
    connection.setTimeout(CONNECTIONS.idleMs, () => connection.destroy());
    let received = new Uint8Array(0);
    connection.on('data', (chunk: Uint8Array) => {
      received = Buffer.concat([received, chunk]);
      for (let packet = firstMessage(received); packet; packet = firstMessage(received)) {
        received = received.subarray(2 + packet.length);
        if (packet.length > QUESTION_BYTES || !guest.mayAsk()) {
          connection.destroy();
          return;
        }
        void this.#answer(guest, packet, 'tcp').then((answer) => {
          if (connection.writableLength > BACKLOG_BYTES) connection.destroy();
          else if (answer) connection.write(withLength(answer));
        });
      }
      if (received.length > QUESTION_BYTES) connection.destroy();
    });
  }

  /** @returns undefined when there is to be no answer. Never rejects. */
  async #answer(guest: Guest, packet: Buffer, transport: Transport): Promise<Buffer | undefined> {
    try {
      const question = readQuestion(packet);
      return question && (await this.#answerQuestion(guest, question, transport));
    } catch (error) {
      if (!(error instanceof QuestionError)) return writeError(packet, Rcode.serverFailure);
      if (error.asked) guest.record(error.asked.name, error.asked.type, 'refused');
      return writeError(packet, error.rcode);
    }
  }

  async #answerQuestion(guest: Guest, question: Question, transport: Transport): Promise<Buffer | undefined> {
    const { name, type, verdict } = question;
    const limit =
      transport === 'tcp' ? Number.POSITIVE_INFINITY : (question.extendedBytes ?? UDP_BYTES.plain);
    if ('answer' in verdict) {
      guest.record(name, type, verdict.isRefusal ? 'refused' : 'answered');
      return writeAnswer(question, { rcode: verdict.answer, records: [] }, limit);
    }
    using place = guest.wait();
    if (!place) return undefined;
    guest.record(name, type, 'answered');
    const outcome = await ask(this.#upstreams, name, verdict.pass);
    // Its address may be another guest's by now.
    if (guest.isDismissed) return undefined;
    return writeAnswer(question, outcome ?? { rcode: Rcode.serverFailure, records: [] }, limit);
  }
}
