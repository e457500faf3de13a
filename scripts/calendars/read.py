"""Reads a calendar as other people's programs do: by icalendar and by vobject.

Standard input is {"text": the calendar, "events": {uid: [first second, last second or null]}} in seconds since 1970. Each program must come
to these moments, by the time zones that the calendar itself describes.
"""

import json
import sys
from datetime import timezone

import icalendar
import vobject

given = json.load(sys.stdin)
text, expected = given["text"], given["events"]


def compare(program, found):
    for uid, moments in expected.items():
        assert found[uid] == moments, f"{program}: {uid} is {found[uid]}, not {moments}"
    assert set(found) == set(expected), f"{program}: {set(found)} are not {set(expected)}"


# By the zones of the calendar alone, whatever this machine knows of a zone of that name.
calendar = icalendar.Calendar.from_ical(text)
zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}


def moment(field):
    if field is None:
        return None
    value, name = field.dt, field.params.get("TZID")
    if name:
        local = value.replace(tzinfo=None)
        return int((local - zones[name].utcoffset(local)).replace(tzinfo=timezone.utc).timestamp())
    return int(value.timestamp())


events = calendar.walk("VEVENT")
compare("icalendar", {str(event["UID"]): [moment(event.get("DTSTART")), moment(event.get("DTEND"))] for event in events})

calendar = vobject.readOne(text)


def seconds(event, name):
    field = event.contents.get(name)
    return int(field[0].value.timestamp()) if field else None


events = calendar.contents.get("vevent", [])
compare("vobject", {event.uid.value: [seconds(event, "dtstart"), seconds(event, "dtend")] for event in events})
print("read alike:", len(expected))
