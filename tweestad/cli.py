"""The command line: build, serve, demo, pull, worker, new, check, tiles, doctor, versions.

An error is one sentence on standard error (twin.toml: one per fault), never a traceback. The exit code is
2 when the input is wrong and 1 for anything else.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import tweestad
from tweestad.build.plain_text import printable, printable_lines
from tweestad.config import Config
from tweestad.errors import InputRejected, TweestadError, TwinConfigInvalid

WRONG_INPUT = 2
FAILED = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code of the process."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] | None = getattr(given, "run", None)
    if command is None:
        parser.print_help()
        return WRONG_INPUT
    try:
        return command(given)
    except (InputRejected, TwinConfigInvalid) as exc:
        return _fail(str(exc), WRONG_INPUT)
    except TweestadError as exc:
        return _fail(str(exc), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as exc:
        if given.debug:
            raise
        return _fail(f"unexpected {type(exc).__name__}: {exc} (run again with --debug for more)", FAILED)


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(prog="tweestad", description="The digital twin of a Dutch municipality.")
    parser.add_argument("--version", action="version", version=f"tweestad {tweestad.__version__}")
    parser.add_argument("--debug", action="store_true", help="show where an unexpected error comes from")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    build = commands.add_parser("build", help="build the twin that a twin.toml describes")
    build.add_argument("twin", type=Path, metavar="DIR", help="the folder with twin.toml")
    build.add_argument("--size", type=int, help="how many buildings an invented town gets")
    build.add_argument("--fresh", action="store_true", help="build again even if nothing changed")
    build.add_argument("--allow-empty", action="store_true", help="let a layer that has objects lose all")
    _data_options(build)
    build.set_defaults(run=_build)

    serve = commands.add_parser("serve", help="serve a built twin")
    _data_options(serve)
    _port_options(serve)
    _also_option(serve)
    serve.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="build the demo city when its inputs changed, and serve it")
    demo.add_argument("--city", default="", help="a folder of demo/; by default CITY, else what data allows")
    _data_options(demo)
    _port_options(demo)
    demo.set_defaults(run=_demo)

    _feed_commands(commands)

    tiles = commands.add_parser("tiles", help="CityJSON to 3D Tiles 1.1")
    tiles.add_argument("files", type=Path, nargs="+", metavar="FILE")
    tiles.add_argument("--out", type=Path, required=True, help="the folder to write to")
    tiles.add_argument("--crs", help="EPSG:28992 or EPSG:7415, for files that do not say their own")
    tiles.add_argument("--types", help="which objects, such as Road,Railway; by default constructions")
    tiles.add_argument("--lod", default="", help="the level of detail, such as 1.3; by default the finest")
    tiles.set_defaults(run=_tiles)

    doctor = commands.add_parser("doctor", help="what works here and what does not")
    _data_options(doctor)
    doctor.set_defaults(run=_doctor)

    versions = commands.add_parser("versions", help="the versions of everything that matters")
    versions.set_defaults(run=_versions)
    return parser


def _feed_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pull = commands.add_parser("pull", help="ask the live sources once")
    pull.add_argument("sources", nargs="*", metavar="SOURCE", help="only these of the sources that are on")
    worker = commands.add_parser("worker", help="ask the live sources as they fall due, until stopped")
    for each, run in ((pull, _pull), (worker, _worker)):
        each.add_argument("--base", default="", help="a server on this machine that stands for all services")
        _data_options(each)
        each.set_defaults(run=run)
    worker.add_argument("--past", action="store_true", help="in an invented town first fill the week before")
    replay = commands.add_parser("replay", help="answer feeds from recordings, on this machine only")
    _data_options(replay)
    _also_option(replay)
    replay.add_argument("--port", type=int, default=0, help="the port to listen on, 0 for any that is free")
    replay.set_defaults(run=_replay)

    new = commands.add_parser("new", help="begin a plug-in").add_subparsers(metavar="KIND", required=True)
    source = new.add_parser("source", help="record a reply of a service and write the skeleton of a source")
    source.add_argument("id", metavar="ID")
    source.add_argument("--url", required=True, help="what to ask, as it is")
    source.set_defaults(run=_new_source)

    check = commands.add_parser("check", help="how far a source is: bronze, silver or gold")
    check.add_argument("id", metavar="ID")
    check.add_argument("--twin", type=Path, metavar="DIR", help="a twin folder whose sources/ holds it")
    check.add_argument("--write", action="store_true", help="write expected.jsonl from the sample first")
    check.set_defaults(run=_check)


def _data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="the folder for store and tiles (TWEESTAD_DATA)")
    parser.add_argument("--open-data", type=Path, help="what {open_data} stands for (OPEN_DATA)")


def _also_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--also",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="the data folder of another twin, below /stad/ID when it is served; may be given more than once",
    )


def _port_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to listen on (HOST)")
    parser.add_argument("--port", type=int, help="the port to listen on, 0 for any that is free (PORT)")


def _config(given: argparse.Namespace) -> Config:
    """The settings of the environment, with what the command line says instead."""
    config = _from_environment()
    told = {
        "data_dir": given.data,
        "open_data": given.open_data,
        "host": getattr(given, "host", None),
        "port": getattr(given, "port", None),
    }
    return replace(config, **{name: value for name, value in told.items() if value is not None})


def _from_environment() -> Config:
    try:
        return Config.from_environment()
    except ValueError as exc:
        raise InputRejected(f"a setting must be a number ({exc})") from exc


def _build(given: argparse.Namespace) -> int:
    from tweestad.build.telling import build_and_tell  # noqa: PLC0415 - other commands start without it

    build_and_tell(
        given.twin, _config(given), size=given.size, fresh=given.fresh, allow_empty=given.allow_empty
    )
    return 0


def _serve(given: argparse.Namespace) -> int:
    from tweestad.region import member_of  # noqa: PLC0415
    from tweestad.serving import serve  # noqa: PLC0415

    config = _config(given)
    others = [replace(config, data_dir=folder, database_url="") for folder in given.also]
    return serve(config, [member_of(each) for each in others])


def _demo(given: argparse.Namespace) -> int:
    from tweestad.demo import show_demo  # noqa: PLC0415

    # Somebody who names a data folder wants one city there, and no others beside it.
    alone = given.data is not None or "TWEESTAD_DATA" in os.environ
    return show_demo(_config(given), given.city or os.environ.get("CITY", ""), alone=alone)


def _replay(given: argparse.Namespace) -> int:
    from tweestad.serving import serve_replay  # noqa: PLC0415

    config = _config(given)
    others = [replace(config, data_dir=folder, database_url="") for folder in given.also]
    # By the name of the folder, as the chooser of the demo has them.
    return serve_replay({each.data_dir.name: each for each in (config, *others)}, config.port)


def _pull(given: argparse.Namespace) -> int:
    from tweestad.feeds.telling import pull_and_tell  # noqa: PLC0415

    return 0 if pull_and_tell(_config(given), given.sources, _base(given)) else FAILED


def _worker(given: argparse.Namespace) -> int:
    from tweestad.feeds.telling import work_and_tell  # noqa: PLC0415

    config, base = _config(given), _base(given)
    if given.past:
        from tweestad.feeds.replay.history import fill_history  # noqa: PLC0415

        fill_history(config)
    work_and_tell(config, base)
    return 0


def _base(given: argparse.Namespace) -> str:
    from tweestad.model.feed_plan import LOOPBACK  # noqa: PLC0415

    base: str = given.base
    if base and not LOOPBACK.match(base):
        raise InputRejected("--base must be http://127.0.0.1: and a port, of a server on this machine")
    return base


def _new_source(given: argparse.Namespace) -> int:
    from tweestad.feeds.telling import record_and_tell  # noqa: PLC0415

    record_and_tell(given.id, given.url, Path("recordings"))
    return 0


def _check(given: argparse.Namespace) -> int:
    from tweestad.feeds.telling import check_and_tell  # noqa: PLC0415

    return 0 if check_and_tell(given.id, given.twin, write=given.write) else FAILED


def _tiles(given: argparse.Namespace) -> int:
    from tweestad.build.telling import tiles_and_tell  # noqa: PLC0415

    processes = _from_environment().processes
    tiles_and_tell(given.files, given.out, given.crs, types=given.types, lod=given.lod, processes=processes)
    return 0


def _doctor(given: argparse.Namespace) -> int:
    from tweestad.diagnosis import examine  # noqa: PLC0415

    healthy = True
    for check in examine(_config(given)):
        healthy &= check.good
        print(f"{'ok   ' if check.good else 'WRONG'}  {check.name}: {printable(check.told)}")
    return 0 if healthy else FAILED


def _versions(given: argparse.Namespace) -> int:
    from tweestad.diagnosis import versions  # noqa: PLC0415

    del given
    for name, version in versions():
        print(f"{name:<12} {version}")
    return 0


def _fail(sentence: str, code: int) -> int:
    print(f"tweestad: {printable_lines(sentence)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
