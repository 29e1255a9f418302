import Federation
import Glibc
import Reports
import Testing

/// A Python that may have the package `safetensors`: `CONSILIUM_PYTHON`, or `python3`.
enum Python {
  static let interpreter =
    unsafe getenv("CONSILIUM_PYTHON").map { unsafe String(cString: $0) } ?? "python3"

  /// Whether the program runs to its end without an error.
  static func runs(_ program: String, _ argument: String = "") -> Bool {
    unsafe system("'\(interpreter)' -c '\(program)' '\(argument)' 2>/dev/null") == 0
  }

  static let hasSafetensors = runs("import numpy, safetensors.numpy")
}

@Suite("Meta-parameters in a file of the safetensors format")
struct SafetensorsTests {
  private func saved(in path: String) throws -> String {
    let scenario = Sample.scenario()
    let directory = try RunDirectory(path: path, for: scenario)
    let recorder = try RunRecorder(directory, of: scenario, tensors: Sample.tensors)
    for event in Sample.events { try recorder.observe(event) }
    return directory.file("meta.safetensors")
  }

  @Test("the bytes are a length, a header that names every tensor, and the numbers")
  func bytes() throws {
    let header =
      #"{"__metadata__":{"scenario":"two wards/north","scenarioDigest":"d1","seed":"7","round":"3"},"#
      + #""layer0.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
      + #""layer0.bias":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}"#
    try withTemporaryDirectory { path in
      let bytes = try #require(contents(of: saved(in: path)))
      let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(length % 8 == 0)
      #expect(bytes.count == 8 + length + 24)
      let text = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      #expect(text == header + String(repeating: " ", count: length - header.utf8.count))
      #expect(Array(bytes[(8 + length)...].prefix(8)) == [0, 0, 0, 0x3F, 0, 0, 0xA0, 0xBF])
    }
  }

  @Test(
    "the Python package reads the names, the shapes, the numbers and the metadata",
    .enabled(
      if: Python.hasSafetensors,
      "skipped: no Python with safetensors and numpy; CONSILIUM_PYTHON may name one"))
  func python() throws {
    let program = """
      import sys, numpy, safetensors
      f = safetensors.safe_open(sys.argv[1], framework="numpy")
      assert sorted(f.keys()) == ["layer0.bias", "layer0.weight"], f.keys()
      w, b = f.get_tensor("layer0.weight"), f.get_tensor("layer0.bias")
      assert w.dtype == numpy.float32 and w.shape == (2, 2) and b.shape == (2,)
      assert w.tolist() == [[0.5, -1.25], [3, 0]], w
      assert b.tolist() == [float(numpy.float32(1e-30)), 7], b
      assert f.metadata() == {"scenario": "two wards/north", "scenarioDigest": "d1", "seed": "7", "round": "3"}
      """
    try withTemporaryDirectory { path in
      let file = try saved(in: path)
      #expect(Python.runs(program, file))
      #expect(!Python.runs(program, path + "/absent"))
    }
  }

  @Test("dense layers are named in the order of the flat vector")
  func names() {
    #expect(
      TensorShape.dense([(inputs: 3, outputs: 5), (inputs: 5, outputs: 2)]) == [
        TensorShape(name: "layer0.weight", shape: [3, 5]),
        TensorShape(name: "layer0.bias", shape: [5]),
        TensorShape(name: "layer1.weight", shape: [5, 2]),
        TensorShape(name: "layer1.bias", shape: [2]),
      ])
  }
}
