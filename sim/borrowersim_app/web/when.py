"""Times and days as the reader writes them, in the reader's zone."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, format_timedelta

from borrowersim.talk import Language

LOCALES = {Language.EN: "en", Language.ZH_CN: "zh_Hans_CN", Language.ZH_TW: "zh_Hant_TW"}
TIMES = {Language.EN: "d MMM y, HH:mm", Language.ZH_CN: "y年M月d日 HH:mm", Language.ZH_TW: "y年M月d日 HH:mm"}
DAYS = {Language.EN: "d MMM y", Language.ZH_CN: "y年M月d日", Language.ZH_TW: "y年M月d日"}


def zone_named(name: str | None) -> tzinfo:
    """Return a zone by the name that a browser gives, UTC for one that nobody knows."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def say_time(seconds: float, language: Language, zone: tzinfo) -> str:
    """Return a moment (seconds since 1970) with day and minute."""
    moment = datetime.fromtimestamp(seconds, zone)
    said: str = format_datetime(moment, TIMES[language], tzinfo=zone, locale=LOCALES[language])
    return said


def say_day(day: date, language: Language) -> str:
    """Return a day."""
    said: str = format_date(day, DAYS[language], LOCALES[language])
    return said


def say_ago(seconds: float, now: datetime, language: Language) -> str:
    """Return how long ago a moment was, roughly."""
    passed = timedelta(seconds=min(0.0, seconds - now.timestamp()))
    said: str = format_timedelta(passed, add_direction=True, threshold=1.2, locale=LOCALES[language])
    return said
