type Currency = 'EUR' | 'SEK';
type Entry = Readonly<{ account: string; amount: bigint; currency: Currency; when: string }>;

function money(cents: bigint, currency: Currency): string;
function money(cents: number, currency: Currency): string;
function money(cents: bigint | number, currency: Currency): string {
  const whole = typeof cents === 'number' ? BigInt(Math.round(cents)) : cents;
  const digits = (whole < 0n ? -whole : whole).toString().padStart(3, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
}

class Ledger {
  private readonly entries: Entry[] = [];
  transfer(
    from: string,
    to: string,
    amount: bigint,
    { currency = 'EUR', when }: { currency?: Currency; when: string },
  ): this {
    if (amount <= 0n) throw new RangeError('an amount must be above 0');
    this.entries.push(
      { account: from, amount: -amount, currency, when },
      { account: to, amount, currency, when },
    );
    return this;
  }
  balances(filter: (entry: Entry) => boolean = () => true): Map<`${string}/${Currency}`, bigint> {
    return this.entries.filter(filter).reduce((sums, { account, amount, currency }) => {
      const key = `${account}/${currency}` as const;
      return sums.set(key, (sums.get(key) ?? 0n) + amount);
    }, new Map<`${string}/${Currency}`, bigint>());
  }
  get isBalanced(): boolean {
    return this.entries.reduce((sum, { amount }) => sum + amount, 0n) === 0n;
  }
}

const ledger = new Ledger()
  .transfer('equity', 'bank', 500_000n, { when: '2023-04-01' })
  .transfer('bank', 'rent', 120_050n, { when: '2023-04-03' })
  .transfer('bank', 'travel', 9_99n, { when: '2023-05-12', currency: 'SEK' });
for (const [key, cents] of [...ledger.balances()].toSorted(([a], [b]) => a.localeCompare(b))) {
  const [account = '', currency] = key.split('/');
  console.log(account.padEnd(8), money(cents, currency === 'SEK' ? 'SEK' : 'EUR').padStart(14));
}
console.log(ledger.isBalanced, ledger.balances(({ when }) => when >= '2023-05').size, money(1234.6, 'EUR'));
try {
  ledger.transfer('a', 'b', 0n, { when: '' });
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  console.log('refused');
}
