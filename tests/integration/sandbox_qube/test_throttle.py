from bot.sandbox.qube.throttle import Throttle

from .world import MORNING, World, lakeside, refusal_of


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_no_window_of_a_minute_holds_more_than_the_limit() -> None:
    stopwatch = Stopwatch()
    throttle = Throttle(requests_per_minute=100, real=stopwatch)
    admitted = []
    for _ in range(3000):
        stopwatch.seconds += 0.1
        if throttle.refusal() is None:
            admitted.append(stopwatch.seconds)
    assert len(admitted) == 500
    assert all(
        later - earlier >= 60 for earlier, later in zip(admitted, admitted[100:], strict=False)
    )


def test_the_wait_that_is_named_is_long_enough_and_not_a_second_longer() -> None:
    stopwatch = Stopwatch()
    throttle = Throttle(requests_per_minute=2, real=stopwatch)
    throttle.refusal()
    stopwatch.seconds += 20.5
    throttle.refusal()
    assert throttle.refusal() == 40
    stopwatch.seconds += 39
    assert throttle.refusal() == 1
    stopwatch.seconds += 1
    assert throttle.refusal() is None


def test_without_a_limit_everything_passes() -> None:
    throttle = Throttle(requests_per_minute=None)
    assert {throttle.refusal() for _ in range(1000)} == {None}


async def test_a_request_too_many_is_told_when_to_come_back() -> None:
    async with lakeside(requests_per_minute=3) as world:
        for _ in range(3):
            assert (await world.get("/spaces/")).status_code == 200
        refused = await world.get("/spaces/")
        assert refusal_of(refused) == (429, "throttled")
        assert 58 <= int(refused.headers["Retry-After"]) <= 60


async def test_a_refused_relay_command_has_no_effect() -> None:
    async with lakeside(requests_per_minute=0) as world:
        assert (await world.relay(False)).status_code == 429
        assert world.building.throttle.requests_per_minute == 0
        world.building.throttle.requests_per_minute = None
        assert (await world.metrics())["relay_state"] is True


async def test_a_wrong_key_does_not_use_up_the_right_one() -> None:
    async with lakeside(requests_per_minute=1) as world:
        for _ in range(3):
            await world.client.get("/spaces/", headers={"X-Qube-API-Key": "wrong"})
        assert (await world.get("/spaces/")).status_code == 200


async def test_refusals_can_be_ordered_and_kept_without_a_hint(world: World) -> None:
    world.building.throttle.refuse_next(2)
    assert (await world.get("/spaces/")).headers["Retry-After"] == "1"
    world.building.throttle.tells_when_to_retry = False
    refused = await world.get("/spaces/")
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, False)
    assert (await world.get("/spaces/")).status_code == 200


async def test_every_request_is_recorded_in_order(world: World) -> None:
    await world.get("/spaces/", page="2")
    await world.relay(False)
    await world.get("/spaces")
    await world.client.get("/spaces/", headers={"X-Qube-API-Key": "wrong"})
    seen = [(r.number, r.method, r.status, r.outcome) for r in world.building.requests]
    assert seen == [
        (1, "GET", 200, "ok"),
        (2, "PUT", 200, "ok"),
        (3, "GET", 404, "page"),
        (4, "GET", 401, "authentication_error"),
    ]
    first, command = world.building.requests[0], world.building.requests[1]
    assert (first.path, first.query, first.at) == ("/api/v2/spaces/", "page=2", MORNING)
    assert command.body == '{"state":false}'
    assert first.real_seconds <= command.real_seconds


async def test_the_record_can_be_read_on_from_a_number(world: World) -> None:
    for _ in range(3):
        await world.get("/spaces/")
    requests = world.building.requests
    assert [r.number for r in requests.after(1)] == [2, 3]
    assert (requests.after(3), requests.after(99), len(requests.after(-5))) == ([], [], 3)
    requests.clear()
    assert (len(requests), requests.last_number, requests.after(0)) == (0, 3, [])
