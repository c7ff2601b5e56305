"""A model folder as on the Hub, converted for CTranslate2 beside its weights."""


def write_ctranslate2(folder):
    from ctranslate2.converters import TransformersConverter

    for quantization in ("float32", "int8"):
        target = folder / f"ctranslate2-{quantization}"
        TransformersConverter(str(folder)).convert(str(target), quantization=quantization, force=True)
