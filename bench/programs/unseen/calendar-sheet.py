import bisect
import calendar
import datetime as dt
import json
import uuid
from datetime import timedelta, timezone

zone = timezone(timedelta(hours=5, minutes=30), "IST")
start = dt.datetime(2023, 11, 28, 22, 15, tzinfo=timezone.utc)
events = []
for days, title in ((0, "kick-off"), (16, "review"), (35, "release"), (400, "jubilee")):
    when = start + timedelta(days=days, hours=days % 5)
    bisect.insort(events, (when, title))
for when, title in events:
    local = when.astimezone(zone)
    print(f"{local:%a %d %b %Y %H:%M %Z}", title, when.isoformat(), when.isocalendar().week)
print(calendar.TextCalendar(calendar.MONDAY).formatmonth(2024, 2).rstrip().replace("\n", "|"))
print(calendar.isleap(1900), calendar.monthrange(2023, 2), dt.date(2024, 12, 31).timetuple().tm_yday)
gap = events[-1][0] - events[0][0]
print(gap, gap.total_seconds(), gap // timedelta(weeks=1), dt.date.fromisoformat("2020-02-29").replace(year=2024))
parsed = dt.datetime.strptime("31/01/99 07:05 PM", "%d/%m/%y %I:%M %p")
print(parsed, parsed.weekday(), dt.time(3, 4) < dt.time(4), dt.datetime.max.year)


class Encoder(json.JSONEncoder):
    def default(self, value):
        return value.isoformat() if isinstance(value, dt.datetime) else super().default(value)


text = json.dumps({title: when for when, title in events}, cls=Encoder, indent=1, sort_keys=True)
back = json.loads(text, object_pairs_hook=lambda pairs: [name for name, _ in pairs])
print(len(text), back, uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), json.dumps("é\u2028", ensure_ascii=True))
try:
    json.loads('{"a": 1,}')
except json.JSONDecodeError as error:
    print(error.msg, error.lineno, error.colno)
match events:
    case [(first, "kick-off"), *_, (_, last)] if first.year == 2023:
        print("from 2023 to", last)
