from collections import Counter, defaultdict, namedtuple
from dataclasses import asdict, dataclass, field, replace
from operator import attrgetter

Customer = namedtuple("Customer", "name country")


@dataclass(order=True, frozen=True)
class Order:
    total: float = field(init=False)
    customer: Customer = field(compare=False)
    lines: tuple = field(default_factory=tuple, compare=False, repr=False)

    def __post_init__(self):
        object.__setattr__(self, "total", round(sum(q * p for _, q, p in self.lines), 2))


ada, bo = Customer("Ada", "UK"), Customer("Bo", "SE")
orders = [
    Order(ada, (("pen", 10, 1.2), ("ink", 1, 8.5))),
    Order(bo, (("paper", 3, 4.25),)),
    Order(ada, (("ink", 2, 8.5), ("pen", 1, 1.2))),
]
sold = Counter()
by_country = defaultdict(list)
for order in orders:
    sold.update({item: quantity for item, quantity, _ in order.lines})
    by_country[order.customer.country].append(order.total)
print(max(orders), min(orders).customer.name, sorted(orders, key=attrgetter("total"))[1].total)
for item, count in sold.most_common():
    print(f"{item:>8}|{'*' * count:<12}|{count:03d}")
print({country: sum(totals) for country, totals in by_country.items()})
print(asdict(replace(orders[1], customer=ada))["customer"], ada._replace(country="FR"))
try:
    orders[0].total = 3
except AttributeError as error:
    print(type(error).__name__, *error.args)
