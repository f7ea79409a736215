/** A name server that says what a test wants it to. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { isErrno } from '../../src/lib/files.ts';
import { firstMessage, withLength } from '../../src/network/resolver/stream.ts';

/** What comes back for a packet: nothing, or any packets. */
type Script = (packet: Buffer, transport: 'udp' | 'tcp') => readonly Buffer[] | Promise<readonly Buffer[]>;

export class ScriptedNameServer implements Disposable {
  /** As `127.0.0.1:5353`. */
  readonly upstream: string;
  /** What was asked, in order. */
  readonly asked: { readonly transport: 'udp' | 'tcp'; readonly packet: Buffer; readonly port: number }[] =
    [];
  readonly #datagrams: Socket;
  readonly #connections: Server;

  private constructor(datagrams: Socket, connections: Server, upstream: string) {
    this.#datagrams = datagrams;
    this.#connections = connections;
    this.upstream = upstream;
  }

  /** Starts on a port of its own. */
  static async start(script: Script, address = '127.0.0.1', wanted = 0): Promise<ScriptedNameServer> {
    const { connections, datagrams, port } = await listen(address, wanted);
    const server = new ScriptedNameServer(datagrams, connections, `${address}:${port}`);
    const serve = async (
      transport: 'udp' | 'tcp',
      packet: Buffer,
      port: number,
      send: (a: Buffer) => void,
    ) => {
      server.asked.push({ transport, packet, port });
      for (const answer of await script(packet, transport)) send(answer);
    };
    datagrams.on('message', (packet, from) => {
      void serve('udp', packet, from.port, (answer) => datagrams.send(answer, from.port, from.address));
    });
    connections.on('connection', (connection) => {
      connection.on('error', () => {});
      let received = new Uint8Array(0);
      connection.on('data', (chunk: Uint8Array) => {
        received = Buffer.concat([received, chunk]);
        const packet = firstMessage(received);
        if (!packet) return;
        void serve('tcp', packet, connection.remotePort ?? 0, (answer) =>
          connection.write(withLength(answer)),
        );
      });
    });
    return server;
  }

  [Symbol.dispose](): void {
    this.#datagrams.close();
    this.#connections.close();
  }
}

/**
 * Listens on one port by TCP and UDP. TCP chooses it: of its ports many are taken for a while by connections that have
 * ended.
 * @param wanted 0: any.
 */
async function listen(address: string, wanted: number) {
  for (;;) {
    const connections = createServer().listen({ host: address, port: wanted });
    await once(connections, 'listening');
    const found = connections.address();
    const port = typeof found === 'object' ? (found?.port ?? 0) : 0;
    const datagrams = createSocket('udp4').bind({ address, port });
    try {
      await once(datagrams, 'listening');
      return { connections, datagrams, port };
    } catch (error) {
      connections.close();
      if (wanted !== 0 || !isErrno(error, 'EADDRINUSE')) throw error;
    }
  }
}
