type Events = {
  login: { readonly user: string; readonly at: number };
  purchase: { readonly user: string; readonly cents: number };
  logout: { readonly user: string };
};
type Handler<Name extends keyof Events> = (event: Readonly<Events[Name]>) => void;
type Handlers = { [Name in keyof Events]?: Set<Handler<Name>> };
type Names = `on${Capitalize<keyof Events>}`;

class Bus {
  readonly #handlers: Handlers = {};
  on<Name extends keyof Events>(name: Name, handler: Handler<Name>): () => boolean {
    const handlers: Set<Handler<Name>> = this.#handlers[name] ?? new Set<Handler<Name>>();
    Object.assign(this.#handlers, { [name]: handlers });
    handlers.add(handler);
    return () => handlers.delete(handler);
  }
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): number {
    const handlers = this.#handlers[name];
    handlers?.forEach((handler) => {
      handler(event);
    });
    return handlers?.size ?? 0;
  }
}

const bus = new Bus();
const spent = new Map<string, number>();
const online = new Set<string>();
bus.on('login', ({ user }) => online.add(user));
bus.on('logout', ({ user }) => online.delete(user));
const stop = bus.on('purchase', ({ user, cents }) => spent.set(user, (spent.get(user) ?? 0) + cents));
bus.on('purchase', ({ cents }) => cents > 5_000 && console.log(`large: ${(cents / 100).toFixed(2)} €`));
bus.emit('login', { user: 'mia', at: 1 });
bus.emit('login', { user: 'leo', at: 2 });
for (const cents of [1250, 9900, 75]) bus.emit('purchase', { user: cents > 1000 ? 'mia' : 'leo', cents });
console.log(stop(), bus.emit('purchase', { user: 'leo', cents: 1 }), bus.emit('logout', { user: 'leo' }));
const names: readonly Names[] = ['onLogin', 'onPurchase'];
console.log(Array.from(spent, ([user, cents]) => `${user}=${cents}`).sort(), [...online], names.at(-1));
