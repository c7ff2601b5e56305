"""whisper.cpp through its C interface, in the library that pywhispercpp brings: the encoder, and the decoder
step by step, with the settings that it has by itself (flash attention on, caches in float16)."""

import ctypes
import re
from ctypes import POINTER, c_bool, c_char_p, c_float, c_int, c_void_p

import _pywhispercpp
import numpy as np

# Looks into the library that the module is linked to as well.
_library = ctypes.CDLL(_pywhispercpp.__file__)


def _function(name, result, *arguments):
    function = getattr(_library, name)
    function.restype, function.argtypes = result, arguments
    return function


class _AlignmentHeads(ctypes.Structure):
    _fields_ = [("n_heads", ctypes.c_size_t), ("heads", c_void_p)]


class _ContextParams(ctypes.Structure):
    """`whisper_context_params`"""

    _fields_ = [
        ("use_gpu", c_bool), ("flash_attn", c_bool), ("gpu_device", c_int), ("dtw_token_timestamps", c_bool),
        ("dtw_aheads_preset", c_int), ("dtw_n_top", c_int), ("dtw_aheads", _AlignmentHeads),
        ("dtw_mem_size", ctypes.c_size_t),
    ]  # fmt: skip


_log_callback = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)
_quiet = _log_callback(lambda level, text, data: None)
_floats, _tokens = POINTER(c_float), POINTER(c_int)
_log_set = _function("whisper_log_set", None, _log_callback, c_void_p)
_version = _function("whisper_version", c_char_p)
_system_info = _function("whisper_print_system_info", c_char_p)
_default_params = _function("whisper_context_default_params", _ContextParams)
_init = _function("whisper_init_from_file_with_params", c_void_p, c_char_p, _ContextParams)
_n_vocab = _function("whisper_n_vocab", c_int, c_void_p)
_pcm_to_mel = _function("whisper_pcm_to_mel", c_int, c_void_p, _floats, c_int, c_int)
_set_mel = _function("whisper_set_mel", c_int, c_void_p, _floats, c_int, c_int)
_encode = _function("whisper_encode", c_int, c_void_p, c_int, c_int)
_decode = _function("whisper_decode", c_int, c_void_p, _tokens, c_int, c_int, c_int)
_get_logits = _function("whisper_get_logits", _floats, c_void_p)


def version():
    """With the instructions that it was built for."""
    used = re.findall(r"(\w+) = 1", _system_info().decode())
    return f"{_version().decode()} ({', '.join(used)})"


def _checked(status, what):
    if status != 0:
        raise RuntimeError(f"whisper.cpp: {what} failed with {status}.")


class WhisperCpp:
    def __init__(self, path, threads, flash_attention):
        _log_set(_quiet, None)
        params = _default_params()
        params.flash_attn = flash_attention
        self._context = _init(str(path).encode(), params)
        if not self._context:
            raise RuntimeError(f"whisper.cpp cannot load {path}.")
        self._threads, self._vocabulary = threads, _n_vocab(self._context)

    def listen(self, samples):
        """samples: float32 [n], mono, 16 kHz. Its own features."""
        pointer = samples.ctypes.data_as(_floats)
        _checked(_pcm_to_mel(self._context, pointer, len(samples), self._threads), "making features")

    def set_features(self, features):
        """features: float32 [bands, frames], made elsewhere."""
        features = np.ascontiguousarray(features, np.float32)
        bands, frames = features.shape
        _checked(_set_mel(self._context, features.ctypes.data_as(_floats), frames, bands), "setting features")

    def encode(self):
        """The first window of the features."""
        _checked(_encode(self._context, 0, self._threads), "encoding")

    def logits(self, tokens, past):
        """Of what follows `tokens`, which follow `past` tokens: float32 [vocabulary], valid until the next call."""
        ids = (c_int * len(tokens))(*tokens)
        _checked(_decode(self._context, ids, len(tokens), past, self._threads), "decoding")
        rows = np.ctypeslib.as_array(_get_logits(self._context), (len(tokens), self._vocabulary))
        return rows[-1]
