"""Reads test/golden/trainers with the trainers' own parsers, and prints what came out.

    python3 -m venv venv
    venv/bin/pip install numpy rich pyyaml cached_path dataclass-extensions draccus hydra-core omegaconf
    venv/bin/pip install --no-deps ai2-olmo-core megatron-core
    venv/bin/pip install --no-deps --pre marin-levanter
    venv/bin/python scripts/trainers/check.py MEGATRON_LM MEGATRON_BRIDGE NEMO

The arguments are checkouts of NVIDIA/Megatron-LM, NVIDIA-NeMo/Megatron-Bridge and NVIDIA/NeMo. What
reads these files needs no torch and no jax, but stands in modules that import them: such imports
give empty stand-ins here, and where a module runs them, its functions are taken out alone.
"""

import argparse
import ast
import dataclasses
import importlib.abc
import importlib.machinery
import importlib.metadata
import json
import math
import subprocess
import sys
import tempfile
import types
from pathlib import Path
from typing import List, Optional, Tuple

GOLDEN = Path(__file__).parents[2] / "test" / "golden" / "trainers"
MEGATRON_LM, BRIDGE, NEMO = sys.argv[1:4]


class Anything(type):
    """The type of stand-ins: it has every attribute, takes every index and may be called."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn

    def __getitem__(cls, _):
        return cls

    def __or__(cls, other):
        return cls

    __ror__ = __or__


class StandIn(metaclass=Anything):
    def __init__(self, *_, **__):
        pass

    def __call__(self, *arguments, **_):
        return arguments[0] if arguments else self


class StandInModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives an empty module for everything under some names."""

    names = {"torch", "jax", "equinox", "haliax", "jaxtyping", "rigging"}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: getattr(StandIn, name)
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, StandInModules())


def package_at(name: str) -> Path:
    """A package of the environment whose own __init__ is not run."""
    parts = name.split(".")
    [base] = [Path(entry) for entry in sys.path if (Path(entry) / "/".join(parts)).is_dir()][:1]
    for n in range(1, len(parts) + 1):
        module = types.ModuleType(".".join(parts[:n]))
        module.__path__ = [str(base / "/".join(parts[:n]))]
        sys.modules[module.__name__] = module
    return base / "/".join(parts)


def git(checkout: str, *words: str) -> str:
    return subprocess.run(["git", "-C", checkout, *words], capture_output=True, text=True, check=True).stdout  # fmt: skip


def committed(checkout: str, path: str) -> str:
    """The text of a file of a checkout."""
    return git(checkout, "show", f"HEAD:{path}")


def commit_of(checkout: str) -> str:
    return git(checkout, "rev-parse", "--short=12", "HEAD").strip()


def taken_from(source: str, names: set[str], **given) -> dict:
    """Some classes and functions of a text, without the rest of it."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if getattr(node, "name", None) in names]
    module = types.ModuleType(f"taken{len(sys.modules)}")
    sys.modules[module.__name__] = module  # annotations are looked up there
    scope = vars(module)
    scope.update(given)
    exec(compile(tree, module.__name__, "exec"), scope)
    return scope


def blend_from_list():
    """How Megatron Core, and NeMo with it, reads a blend."""
    source = committed(MEGATRON_LM, "megatron/core/datasets/utils.py")
    hints = {"List": List, "Optional": Optional, "Tuple": Tuple}
    return taken_from(source, {"get_blend_from_list"}, **hints)["get_blend_from_list"]


def check_sum(name: str, weights: list[float]) -> None:
    assert math.isclose(sum(weights), 1, abs_tol=1e-15), (name, sum(weights))


def olmo_core() -> None:
    print(f"OLMo-core: ai2-olmo-core {importlib.metadata.version('ai2-olmo-core')}")
    package_at("olmo_core.data")
    from olmo_core.data.source_mixture import SourceMixtureDatasetConfig, SourceMixtureList

    mixture = SourceMixtureList.from_file(str(GOLDEN / "olmo-core.yaml"))
    mixture.validate()
    for source in mixture.sources:
        source.validate()
        print(f"  {source.source_name!r}: {source.target_ratio!r} of {source.paths}, at most {source.max_repetition_ratio} times")  # fmt: skip
    SourceMixtureDatasetConfig(
        source_list=mixture, requested_tokens=150_000_000_000, global_batch_size=2**21
    ).validate()
    check_sum("olmo-core", [source.target_ratio for source in mixture.sources])


def megatron() -> None:
    print(f"Megatron-LM: {commit_of(MEGATRON_LM)}")
    scope = taken_from(
        committed(MEGATRON_LM, "megatron/training/utils/common_utils.py"),
        {"get_blend_and_blend_per_split"},
        get_blend_from_list=blend_from_list(),
        maybe_msc=types.SimpleNamespace(open=open),
        json=json,
    )
    parser = argparse.ArgumentParser()
    source = committed(MEGATRON_LM, "megatron/training/arguments.py")
    arguments = taken_from(source, {"_add_data_args"})
    arguments["_add_data_args"](parser)
    line = (GOLDEN / "megatron.txt").read_text()
    asked = {
        "--data-path $(cat megatron.txt)": ["--data-path", *line.split()],
        "--data-args-path megatron.txt": ["--data-args-path", str(GOLDEN / "megatron.txt")],
        "--per-split-data-args-path megatron-splits.json": [
            "--per-split-data-args-path",
            str(GOLDEN / "megatron-splits.json"),
        ],
    }
    for words, given in asked.items():
        blend, splits = scope["get_blend_and_blend_per_split"](parser.parse_args(given))
        print(f"  {words}: {blend or splits}")
        check_sum(words, (blend or splits[0])[1])


def nemo() -> None:
    print(f"NeMo: Megatron-Bridge {commit_of(BRIDGE)}, NeMo 2 {commit_of(NEMO)}")
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        path = Path(folder) / "megatron/bridge/training/utils/omegaconf_utils.py"
        path.parent.mkdir(parents=True)
        path.write_text(committed(BRIDGE, f"src/{path.relative_to(folder)}"))
        # It is for functions in a configuration, and this one has none.
        maps = types.ModuleType("megatron.bridge.utils.activation_map")
        maps.callable_to_str = maps.str_to_callable = str
        sys.modules |= {"megatron.bridge.utils": types.ModuleType("utils"), maps.__name__: maps}
        package_at("megatron.bridge.training.utils")
        from megatron.bridge.training.utils.omegaconf_utils import process_config_with_overrides

    @dataclasses.dataclass
    class Dataset:
        """What is needed of Megatron-Bridge's GPTDatasetConfig, whose base classes need torch."""

        data_path: str | list[str] | None = None
        blend: tuple | None = None

    @dataclasses.dataclass
    class Container:
        dataset: Dataset = dataclasses.field(default_factory=Dataset)

    dataset = process_config_with_overrides(Container(), str(GOLDEN / "nemo.yaml")).dataset
    # Of GPTDatasetConfig.finalize the statement that makes a blend of data_path.
    tree = ast.parse(committed(BRIDGE, "src/megatron/bridge/training/config.py"))
    functions = (node for node in ast.walk(tree) if getattr(node, "name", None) == "finalize")
    [makes_blend] = [
        node
        for function in functions
        for node in function.body
        if isinstance(node, ast.If) and "self.data_path is not None" in ast.unparse(node.test)
    ]
    makes_blend.body = [node for node in makes_blend.body if not isinstance(node, ast.ImportFrom)]
    scope = {"self": dataset, "get_blend_from_list": blend_from_list()}
    exec(compile(ast.Module([makes_blend], []), "finalize", "exec"), scope)
    print(f"  dataset.blend: {dataset.blend}")
    check_sum("nemo", dataset.blend[1])
    names = {"is_number_tryexcept", "is_zipped_list"}
    source = committed(NEMO, "nemo/collections/llm/gpt/data/pre_training.py")
    assert taken_from(source, names)["is_zipped_list"](dataset.data_path)
    print("  PreTrainingDataModule of NeMo 2 takes dataset.data_path as weights and paths")


def levanter() -> None:
    print(f"Levanter: marin-levanter {importlib.metadata.version('marin-levanter')}")
    import abc
    from collections.abc import Callable, Mapping, Sequence
    from functools import cached_property
    from typing import Literal, NotRequired, TypedDict

    import draccus
    import yaml

    text = package_at("levanter.data.text")
    formats = taken_from((text / "formats.py").read_text(), {"LmDatasetFormatBase", "TextLmDatasetFormat"}, ChoiceRegistry=draccus.ChoiceRegistry, dataclass=dataclasses.dataclass, MarinTokenizer=str, BatchProcessor=dict)  # fmt: skip
    cache = taken_from((text / "../../store/cache.py").read_text(), {"CacheOptions"}, dataclass=dataclasses.dataclass)  # fmt: skip
    names = {
        "LmDatasetSourceConfigBase", "HfDatasetSourceConfig", "UrlDatasetSourceConfig", "DatasetComponentBase",
        "DatasetComponent", "BlockShuffleConfig", "LmDataConfig",
    }  # fmt: skip
    scope = taken_from(
        (text / "datasets.py").read_text(), names, abc=abc, dataclasses=dataclasses, dataclass=dataclasses.dataclass,
        field=draccus.field, ChoiceRegistry=draccus.ChoiceRegistry, Callable=Callable, Mapping=Mapping,
        Sequence=Sequence, cached_property=cached_property, Literal=Literal, NotRequired=NotRequired,
        TypedDict=TypedDict, CacheOptions=cache["CacheOptions"], StopStrategy=types.SimpleNamespace(RESTART_STRATEGY="restart"),
        LmDatasetFormatBase=formats["LmDatasetFormatBase"], TextLmDatasetFormat=formats["TextLmDatasetFormat"],
        DEFAULT_LM_DATA_SHUFFLE=True,
        **{name: StandIn for name in ("ShardedDataSource", "MarinTokenizer", "TreeCache", "AsyncDataset", "LmExample", "GrugLmExample", "Axis", "BatchSchedule", "PRNGKeyArray")},
    )  # fmt: skip
    Config = scope["LmDataConfig"]

    @dataclasses.dataclass
    class Train:
        data: Config

    for file in ("levanter.yaml", "levanter-caches.yaml"):
        with tempfile.TemporaryDirectory() as folder:
            train = Path(folder) / "train.yaml"
            train.write_text(f"data: !include {GOLDEN / file}\n")
            data = draccus.parse(Train, config_path=train, args=[]).data
        for name, component in data.components.items():
            urls = None if component.source is None else component.source.train_urls
            print(f"  {file}: {name!r}: {data.train_weights[name]!r} of {urls or 'the cache of its name'}")  # fmt: skip
        check_sum(file, list(data.train_weights.values()))
    assert yaml.safe_load((GOLDEN / "map.yaml").read_text()) == json.loads((GOLDEN / "map.json").read_text())  # fmt: skip


olmo_core()
megatron()
nemo()
levanter()
print("all were read, and their weights sum to 1")
