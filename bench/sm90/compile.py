"""Compiles CUDA C++ for sm_90 with NVRTC and prints what ptxas says of it.

    python3 compile.py TOOLS KERNEL.cu OUT

TOOLS is the folder that pip installed requirements.txt to. Writes OUT.cubin and OUT.sass.
"""

import ctypes
import glob
import subprocess
import sys

OPTIONS = [
    b"--gpu-architecture=sm_90",
    b"--use_fast_math",
    b"-lineinfo",
    b"--std=c++17",
    b"--ptxas-options=-v",
]


def library(tools):
    (path,) = glob.glob(f"{tools}/nvidia/**/libnvrtc.so.*", recursive=True)
    return ctypes.CDLL(path)


def compiled(nvrtc, source):
    program = ctypes.c_void_p()
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, b"kernel.cu", 0, None, None)
    options = (ctypes.c_char_p * len(OPTIONS))(*OPTIONS)
    failed = nvrtc.nvrtcCompileProgram(program, len(OPTIONS), options)
    if failed:
        raise SystemExit(read(nvrtc, program, "ProgramLog").decode())
    print(read(nvrtc, program, "ProgramLog").decode().rstrip("\0"))
    return read(nvrtc, program, "CUBIN")


def read(nvrtc, program, what):
    size = ctypes.c_size_t()
    getattr(nvrtc, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    getattr(nvrtc, f"nvrtcGet{what}")(program, buffer)
    return buffer.raw


def main(tools, source, out):
    with open(source, "rb") as file:
        cubin = compiled(library(tools), file.read())
    with open(f"{out}.cubin", "wb") as file:
        file.write(cubin)
    (nvdisasm,) = glob.glob(f"{tools}/nvidia/**/bin/nvdisasm", recursive=True)
    command = [nvdisasm, "-gi", "-c", f"{out}.cubin"]
    code = subprocess.run(command, capture_output=True, check=True).stdout
    with open(f"{out}.sass", "wb") as file:
        file.write(code)


main(*sys.argv[1:])
