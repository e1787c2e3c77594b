"""The trained files: they travel inside another package's wheel, and are run here directly."""

from functools import cache
from importlib.resources import files

import onnxruntime

DETECTOR = "ch_PP-OCRv4_det_infer.onnx"
RECOGNISER = "ch_PP-OCRv4_rec_infer.onnx"
UPSIDE = "ch_ppocr_mobile_v2.0_cls_infer.onnx"


@cache
def session(name: str) -> onnxruntime.InferenceSession:
    """Return the model of that name, loaded once, computing on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    path = files("rapidocr") / "models" / name
    return onnxruntime.InferenceSession(
        path.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
