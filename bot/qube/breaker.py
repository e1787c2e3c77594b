"""When not to call at all: the vendor is down, or the key is refused.

Small async breakers exist, but none takes its clock from outside, and each of them keeps a probe
that is cancelled half-way for ever; here a probe is merely a date until which others wait.
"""

from collections.abc import Callable

from bot.services.ports import GatewayUnavailable, KeyRejected


class CircuitOpen(GatewayUnavailable):
    """The vendor failed too often just now: nothing was sent."""


class ProbeGate:
    """A door that, once shut, lets one caller try per interval until it is opened again."""

    def __init__(self, *, interval_seconds: float, monotonic: Callable[[], float]) -> None:
        self._interval = interval_seconds
        self._monotonic = monotonic
        self._probe_at: float | None = None

    def shut(self) -> None:
        """This function will refuse everybody for one interval."""
        self._probe_at = self._monotonic() + self._interval

    def open(self) -> None:
        """This function will let everybody through."""
        self._probe_at = None

    def refuses(self) -> bool:
        """This function will tell whether a caller has to turn back, claiming nothing."""
        return self._probe_at is not None and self._monotonic() < self._probe_at

    def admits(self) -> bool:
        """This function will let the caller through or not; the one who probes delays the rest."""
        if self._probe_at is None:
            return True
        if self.refuses():
            return False
        self.shut()
        return True


class CircuitBreaker:
    """Opens after failures in a row; a success closes it."""

    def __init__(self, gate: ProbeGate, *, threshold: int) -> None:
        self._gate = gate
        self._threshold = threshold
        self._failures = 0

    def check(self) -> None:
        """This function will raise CircuitOpen while nobody may call."""
        if self._gate.refuses():
            raise self.error()

    def admit(self) -> None:
        """This function will let the caller call, perhaps as the probe, or raise CircuitOpen."""
        if not self._gate.admits():
            raise self.error()

    def succeeded(self) -> None:
        """This function will note that the vendor answered."""
        self._failures = 0
        self._gate.open()

    def failed(self) -> bool:
        """This function will note a failure and return whether the circuit is open now."""
        self._failures += 1
        if self._failures < self._threshold:
            return False
        self._gate.shut()
        return True

    def error(self) -> CircuitOpen:
        """This function will return the error that callers get while the circuit is open."""
        return CircuitOpen(code="circuit_open", detail=f"{self._failures} failures in a row")


class KeyLatch:
    """Remembers that the key was refused; one call per interval finds out whether it still is."""

    def __init__(self, gate: ProbeGate) -> None:
        self._gate = gate
        self._rejection: tuple[str, str] = ("", "")

    def check(self) -> None:
        """This function will raise KeyRejected while nobody may call."""
        if self._gate.refuses():
            raise self.error()

    def admit(self) -> None:
        """This function will let the caller call, perhaps as the probe, or raise KeyRejected."""
        if not self._gate.admits():
            raise self.error()

    def rejected(self, rejection: KeyRejected) -> None:
        """This function will refuse every call from now on with what the vendor said."""
        self._rejection = (rejection.code, rejection.detail)
        self._gate.shut()

    def accepted(self) -> None:
        """This function will note that the key works."""
        self._gate.open()

    def error(self) -> KeyRejected:
        """This function will return what the vendor said, as a new error."""
        code, detail = self._rejection
        return KeyRejected(code=code, detail=detail)
