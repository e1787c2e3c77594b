"""What a worker process may do instead of looking at photos. Imported by name in that process."""

import os
import sys
from decimal import Decimal
from threading import Event

from bot.services.meter_photo import Candidate, PhotoProposal
from bot.vision.jobs import PhotoJob
from bot.vision.work import PhotoAnswer
from bot.vision.work import work as real_work

HANG = b"hang"
CRASH = b"crash"


def worked(job: bytes) -> tuple[int, bytes]:
    """Tell who did the job; or die over it, or never come back."""
    if job == CRASH:
        os.abort()
    if job == HANG:
        Event().wait()
    return os.getpid(), job


def niceness(job: bytes) -> int:
    """Tell how willingly the process gives way."""
    return os.nice(0)


def proposes(job: PhotoJob) -> PhotoAnswer:
    """Read 1462.3 from every photo, or misbehave."""
    worked(job.photo)
    candidate = Candidate(value=Decimal("1462.3"), score_percent=90)
    return PhotoProposal(candidates=(candidate,))


def works_without_tools(job: PhotoJob) -> PhotoAnswer:
    """Do the real work where a library of the system, say, keeps OpenCV from loading."""
    sys.modules["cv2"] = None  # type: ignore[assignment]
    return real_work(job)
