import asyncio
import contextlib
import time


class Kitchen:
    def __init__(self, stoves):
        self.stoves = asyncio.Semaphore(stoves)
        self.busy = self.most = 0

    @contextlib.asynccontextmanager
    async def stove(self):
        async with self.stoves:
            self.busy += 1
            self.most = max(self.most, self.busy)
            try:
                yield self.busy
            finally:
                self.busy -= 1


async def cook(kitchen, orders, served):
    while (order := await orders.get()) is not None:
        dish, effort = order
        async with kitchen.stove():
            await asyncio.sleep(effort / 1000)
        if dish == "soufflé":
            raise ValueError(f"the {dish} fell")
        served[dish] = effort
    return "home"


async def main():
    kitchen, orders, served = Kitchen(2), asyncio.Queue(), {}
    for dish, effort in {"soup": 1, "rice": 2, "stew": 3, "soufflé": 4, "cake": 1}.items():
        orders.put_nowait((dish, effort))
    for _ in range(3):
        orders.put_nowait(None)
    cooks = [asyncio.create_task(cook(kitchen, orders, served)) for _ in range(3)]
    outcomes = await asyncio.gather(*cooks, return_exceptions=True)
    print(sorted(str(outcome) for outcome in outcomes), kitchen.most, sorted(served))
    try:
        await asyncio.wait_for(asyncio.Event().wait(), timeout=0.005)
    except asyncio.TimeoutError:
        print("nobody rang")
    lock, total = asyncio.Lock(), 0

    async def add(n):
        nonlocal total
        async with lock:
            seen = total
            await asyncio.sleep(0)
            total = seen + n

    await asyncio.gather(*map(add, range(10)))
    print(total, [n async for n in ticks(3)])


async def ticks(count):
    for n in range(count):
        yield n * n
        await asyncio.sleep(0)


began = time.monotonic()
asyncio.run(main())
print(time.monotonic() - began < 30)
