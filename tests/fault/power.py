#!/usr/bin/env python3
"""What a disk may hold after the power went, from what was asked of it.

  power.py places JOURNAL COUNT SEED        some places between its entries, in
                                            order, in bytes
  power.py cut JOURNAL AT SEED BASE FOLDER  the folder FOLDER as it may be when
                                            the power goes at this place; it was
                                            BASE before the first entry

JOURNAL is written by preload/journal.c with the paths of FOLDER.  What was synced
is there.  Of the writes behind the last sync of a file each is there, or is not,
or only some of its sectors are; names and lengths change in the order in which
they were changed, up to some moment behind the last sync of anything, as a
journalling file system has it.
"""
import pathlib
import random
import shutil
import struct
import sys

SECTOR = 512
HEAD = struct.Struct("=cHQQ")


def entries(journal):
    data, at = pathlib.Path(journal).read_bytes(), 0
    while at < len(data):
        kind, path_len, offset, size = HEAD.unpack_from(data, at)
        at += HEAD.size
        path = data[at:at + path_len].decode()
        at += path_len
        yield at + size, kind.decode(), path, offset, data[at:at + size]
        at += size


def put(content, offset, piece):
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(piece)] = piece


class File:
    """What certainly is there, and what was asked for since."""

    def __init__(self, content=b""):
        self.synced = bytearray(content)
        self.asked = []

    def sync(self):
        for offset, piece in self.asked:
            if piece is None:
                del self.synced[offset:]
                self.synced.extend(bytes(offset - len(self.synced)))
            else:
                put(self.synced, offset, piece)
        self.asked = []

    def after(self, chance):
        content = bytearray(self.synced)
        luck = chance.random()          # of this file's writes as a whole
        for offset, piece in self.asked:
            if piece is None:
                if chance.random() < luck:
                    del content[offset:]
                    content.extend(bytes(offset - len(content)))
                continue
            if chance.random() < luck:
                put(content, offset, piece)
            elif chance.random() < 0.3:     # torn
                for at in range(0, len(piece), SECTOR):
                    if chance.random() < 0.5:
                        put(content, offset + at, piece[at:at + SECTOR])
        return content


def replay(journal, last, base, folder, chance):
    files = {folder / f.relative_to(base): File(f.read_bytes())
             for f in sorted(base.rglob("*")) if f.is_file()}
    names = dict(files)         # as they are on the disk for certain
    moved = []                  # names since, in order
    for end, kind, path, offset, data in entries(journal):
        if end > last:
            break
        path = pathlib.Path(path)
        if path.name.endswith("-shm"):
            continue            # is shared memory, made anew
        if kind == "S":
            if path in files:
                files[path].sync()
            names, moved = dict(files), []
        elif kind == "R":
            new = pathlib.Path(data.decode())
            files[new] = files.pop(path, File())
            moved.append(dict(files))
        elif kind == "U":
            files.pop(path, None)
            moved.append(dict(files))
        else:
            if path not in files:
                files[path] = File()
                moved.append(dict(files))
            files[path].asked.append((offset, data if kind == "W" else None))
    moved.insert(0, names)
    return {path: file.after(chance)
            for path, file in chance.choice(moved).items()}


def main():
    if sys.argv[1:2] == ["places"] and len(sys.argv) == 5:
        ends = [entry[0] for entry in entries(sys.argv[2])]
        count = min(int(sys.argv[3]), len(ends))
        for end in sorted(random.Random(int(sys.argv[4])).sample(ends, count)):
            print(end)
        return
    if sys.argv[1:2] != ["cut"] or len(sys.argv) != 7:
        sys.exit(__doc__)
    journal, at, seed, base, folder = sys.argv[2:]
    base, folder = pathlib.Path(base), pathlib.Path(folder)
    left = replay(journal, int(at), base, folder, random.Random(int(seed)))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder, ignore=lambda _, names: [
        name for name in names if not (pathlib.Path(_) / name).is_dir()])
    for path, content in left.items():
        if not path.name.endswith("-shm"):
            path.write_bytes(content)
            path.chmod(0o600)


main()
