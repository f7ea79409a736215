import cmath
import decimal
import math
import random
import statistics
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

with decimal.localcontext() as context:
    context.prec = 40
    print(Decimal(2).sqrt(), Decimal("1.10") + Decimal("2.2"))
bill = [Decimal("19.99"), Decimal("0.005"), Decimal("7.345")]
print(sum(bill).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN), [str(x.normalize()) for x in bill])
harmonic = sum((Fraction(1, n) for n in range(1, 11)), start=Fraction())
print(harmonic, harmonic.limit_denominator(50), float(harmonic).hex())
sample = [2.5, 3.5, 3.5, 8, 11.25, 4]
print(
    statistics.mean(sample),
    statistics.median(sample),
    statistics.mode(sample),
    round(statistics.stdev(sample), 6),
    statistics.quantiles(sample, n=4),
)
print(math.gcd(462, 1071), math.comb(30, 11), math.isqrt(10**20), math.factorial(17), round(math.erf(0.3), 9))
roots = sorted((z for z in (cmath.sqrt(-4), cmath.exp(1j * cmath.pi))), key=abs)
print([complex(round(z.real, 6), round(z.imag, 6)) for z in roots], divmod(-7, 3), -7 // 2, 7 % -3)
generator = random.Random(2024)
print([generator.randint(1, 6) for _ in range(8)], generator.sample("abcdef", 3), round(generator.gauss(0, 1), 6))
print(int("zz", 36), f"{255:#x} {255:b} {1e6:,.1f} {0.000123:.2e} {7:+d} {0.256:.1%}", (3).bit_length(), 5 ^ 3)
