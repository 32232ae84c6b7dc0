import time
from tests.storage.test_outbox import *
from tests.conftest import *
async def test_x(database):
    for q in ("DROP INDEX ix_outbox_done","CREATE INDEX ix_outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL"):
        await database.write(lambda c: c.exec_driver_sql(q) and None)
    t=time.perf_counter()
    def lap(w):
        nonlocal t; n=time.perf_counter(); print(w, round((n-t)*1000), "ms"); t=n
    later = MACHINE + timedelta(hours=1)
    await write(database, (row(f"failing {n}", leased_until=later) for n in range(WINDOW + ROUND + 50)))
    lap("write")
    await lanes(database, "working"); lap("w")
    from storage.leasing import heads, crowded, walk, take
    for _ in range(2):
        h=await database.read(heads,NOW,MACHINE); lap("heads")
        await database.read(crowded,NOW); lap("crowded")
        s,a=await database.read(walk,NOW,""); lap("walk")
        await database.write(take,s,MACHINE,10,60); lap("take")
