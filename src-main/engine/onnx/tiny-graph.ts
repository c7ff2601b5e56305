/**
 * A graph of one addition (`y = x + x`), to learn whether a device works at all without loading a
 * model. Made with the Python package `onnx`: one Add node, float32 [1], opset 17, IR version 8.
 */
export function tinyGraph(): Uint8Array {
  return Buffer.from(
    'CAgSADo5Cg4KAXgKAXgSAXkiA0FkZBIFcHJvYmVaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAR',
    'base64',
  );
}
