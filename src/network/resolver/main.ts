/**
 * The process that looks names up for guests: `process.ts` starts it as root in the router's network namespace. It
 * listens, gives up its rights, and does what the server says on its standard input; when that ends, it does.
 */
import { LINE_BYTES } from './limits.ts';
import { LineSplitter } from './lines.ts';
import type { ProcessMessage, ServerMessage } from './messages.ts';
import { giveUpRights } from './rights.ts';
import { Service } from './service.ts';
import { parseUpstream } from './upstream.ts';

const say = (message: ProcessMessage) => process.stdout.write(`${JSON.stringify(message)}\n`);

let service: Service | undefined;

async function take(message: ServerMessage): Promise<void> {
  switch (message.type) {
    case 'start': {
      const starting = new Service(message.upstreams.map(parseUpstream));
      await starting.listen(message.listen, message.port);
      giveUpRights(message.user);
      service = starting;
      say({ type: 'ready' });
      return;
    }
    case 'admit':
      service?.guests.admit(message.address);
      return;
    case 'dismiss':
      service?.guests.dismiss(message.address);
      return;
    case 'names': {
      const names = service?.guests.get(message.address)?.names() ?? [];
      say({ type: 'names', id: message.id, names: [...names] });
      return;
    }
  }
}

const lines = new LineSplitter(LINE_BYTES);
for await (const chunk of process.stdin) {
  for (const line of lines.push(chunk)) await take(JSON.parse(line));
}
process.exit(0);
