"""The reader of meter photos: asks a worker process, and never fails because of it."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.util import find_spec

from bot.services.meter_photo import (
    NotAPhoto,
    PhotoProposal,
    PhotoTooLarge,
    PhotoToolsMissing,
    ReaderTrouble,
)
from bot.vision.jobs import Keep, Missing, PhotoJob, Read, TooLarge, Unreadable
from bot.vision.work import PhotoAnswer, work
from bot.vision.worker import (
    IDLE_S,
    MOST_WAITING,
    TIME_OUT_S,
    Worker,
    WorkerBusy,
    WorkerFailed,
    WorkerTooSlow,
)

TOOLS = ("cv2", "numpy", "onnxruntime", "PIL", "pillow_heif", "rapidocr")


class PhotoReader:
    """Reads meters in photos with what the extra `vision` installs; a MeterReader."""

    def __init__(
        self,
        *,
        time_out_s: float = TIME_OUT_S,
        idle_s: float = IDLE_S,
        most_waiting: int = MOST_WAITING,
        tools: Sequence[str] = TOOLS,
        does: Callable[[PhotoJob], PhotoAnswer] = work,
    ) -> None:
        """Take limits; nothing is started before the first photo."""
        self._is_installed = all(find_spec(tool) is not None for tool in tools)
        self._worker = Worker(does, time_out_s=time_out_s, idle_s=idle_s, most_waiting=most_waiting)

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return self._worker.pid

    async def propose(
        self,
        photo: bytes,
        *,
        previous: Decimal | None,
        plausible: Decimal | None,
        decimals: int,
    ) -> PhotoProposal:
        """Return what the counter may show, in the meter's unit; see the port."""
        job = Read(photo=photo, previous=previous, plausible=plausible, decimals=decimals)
        answer = await self._answer(job)
        if isinstance(answer, ReaderTrouble):
            return PhotoProposal(trouble=answer)
        assert isinstance(answer, PhotoProposal)
        return answer

    async def reencoded(self, photo: bytes) -> bytes:
        """Return the photo as a JPEG to keep; see the port."""
        answer = await self._answer(Keep(photo=photo))
        if isinstance(answer, ReaderTrouble):
            raise PhotoToolsMissing(trouble=answer)
        assert isinstance(answer, bytes)
        return answer

    async def close(self) -> None:
        """End the process, whatever it does."""
        await self._worker.close()

    async def _answer(self, job: PhotoJob) -> PhotoProposal | bytes | ReaderTrouble:
        if not self._is_installed:
            return ReaderTrouble.NOT_INSTALLED
        try:
            answer = await self._worker.do(job)
        except WorkerFailed as failed:
            return _trouble(failed)
        if isinstance(answer, TooLarge):
            raise PhotoTooLarge(size=answer.size, limit=answer.limit, unit=answer.unit)
        if isinstance(answer, Unreadable):
            raise NotAPhoto
        if isinstance(answer, Missing):
            self._is_installed = False
            return ReaderTrouble.NOT_INSTALLED
        return answer


def _trouble(failed: WorkerFailed) -> ReaderTrouble:
    if isinstance(failed, WorkerBusy):
        return ReaderTrouble.BUSY
    return ReaderTrouble.TOO_SLOW if isinstance(failed, WorkerTooSlow) else ReaderTrouble.CRASHED
