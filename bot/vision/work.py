"""What the worker process does with what is sent to it."""

from bot.services.meter_photo import NotAPhoto, PhotoProposal, PhotoTooLarge
from bot.vision.jobs import Missing, PhotoJob, Read, TooLarge, Unreadable

PhotoAnswer = PhotoProposal | bytes | TooLarge | Unreadable | Missing


def work(job: PhotoJob) -> PhotoAnswer:
    """Return a proposal, the photo to keep, or why there is neither.

    What is heavy is loaded here, and in this process only: it may be missing.
    """
    try:
        return _done(job)
    except PhotoTooLarge as large:
        return TooLarge(size=large.size, limit=large.limit, unit=large.unit)
    except NotAPhoto:
        return Unreadable()
    except ImportError as missing:
        return Missing(name=missing.name or str(missing))


def _done(job: PhotoJob) -> PhotoProposal | bytes:
    if isinstance(job, Read):
        from bot.vision.reading import read  # noqa: PLC0415

        return read(job)
    from bot.vision.photo import reencoded  # noqa: PLC0415

    return reencoded(job.photo)
