# Serves worker.js; everything it embeds lies beside this file.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "transcript", worker = .transcript)],
  sockets = [(name = "http", address = "127.0.0.1:8000", http = (), service = "transcript")]
);

const transcript :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "transcript.js", esModule = embed "transcript.js"),
    (name = "core.wasm", wasm = embed "core.wasm"),
    (name = "core.device.wasm", wasm = embed "core.device.wasm"),
    (name = "core.device-fast.wasm", wasm = embed "core.device-fast.wasm"),
    (name = "core.device-f32.wasm", wasm = embed "core.device-f32.wasm"),
    (name = "core.device-columns-f32.wasm", wasm = embed "core.device-columns-f32.wasm"),
    (name = "core.device-fast-f32.wasm", wasm = embed "core.device-fast-f32.wasm"),
  ],
  compatibilityDate = "2026-01-01"
);
