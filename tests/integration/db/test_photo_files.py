"""Photos in a folder of their own."""

import stat
from pathlib import Path

import pytest

from bot.db.photo_files import PhotoFolder
from bot.services.photo_store import PhotoGone


async def test_a_photo_is_kept_privately_under_a_name_that_tells_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    store = PhotoFolder(folder)
    first, second = await store.save(b"one"), await store.save(b"two")
    assert first != second
    assert await store.load(first) == b"one"
    assert sorted(path.name for path in folder.iterdir()) == sorted([first, second])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / first).stat().st_mode) == 0o600


async def test_a_folder_that_others_could_look_into_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir(mode=0o755)
    await PhotoFolder(folder).save(b"one")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_deleted_photo_is_gone_and_can_be_deleted_again(tmp_path: Path) -> None:
    store = PhotoFolder(tmp_path)
    name = await store.save(b"one")
    await store.delete(name)
    await store.delete(name)
    with pytest.raises(PhotoGone):
        await store.load(name)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a.jpg", ""])
async def test_no_other_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    store = PhotoFolder(tmp_path / "photos")
    with pytest.raises(PhotoGone):
        await store.load(name)
    await store.delete(name)
    assert (tmp_path / "secret").exists()
