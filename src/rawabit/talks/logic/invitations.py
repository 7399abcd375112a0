"""A meeting as a calendar file (RFC 5545, iTIP RFC 5546). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
PARTSTAT = {"asked": "NEEDS-ACTION", "accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    email: str
    status: str = "asked"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar needs to know. ``uid`` stays the same for ever, ``sequence`` grows with every change."""

    uid: str
    sequence: int
    title: str
    starts: datetime
    minutes: int
    organizer: Guest
    guests: Sequence[Guest] = field(default_factory=tuple)
    place: str = ""
    body: str = ""


def calendar_file(meeting: Meeting, method: str, at: datetime) -> bytes:
    """The file. Moments are written in UTC, which every calendar shows in its owner's zone."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts.astimezone(UTC))
    event.add("dtend", meeting.starts.astimezone(UTC) + timedelta(minutes=meeting.minutes or 60))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.body:
        event.add("description", meeting.body)
    if meeting.organizer.email:
        event["organizer"] = _address(meeting.organizer)
    for guest in meeting.guests if method != PUBLISH else ():
        address = _address(guest)
        address.params["partstat"] = vText(PARTSTAT[guest.status])
        address.params["rsvp"] = vText("TRUE")
        event.add("attendee", address, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Rawabit//CRM//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _address(guest: Guest) -> vCalAddress:
    address = vCalAddress(f"mailto:{guest.email}")
    if guest.name:
        address.params["cn"] = vText(guest.name.replace('"', "'"))
    return address
