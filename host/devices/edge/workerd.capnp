# workerd serve workerd.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "edge", worker = .edge)],
  sockets = [(name = "http", address = "127.0.0.1:8000", http = (), service = "edge")]
);

const edge :Workerd.Worker = (
  modules = [
    (name = "workerd.js", esModule = embed "workerd.js"),
    (name = "handler.js", esModule = embed "handler.js"),
    # The library, and the chunk that it loads to train, which looks for it by its file's name.
    (name = "nlr-vqa", esModule = "export * from './index.js';"),
    (name = "index.js", esModule = embed "../../../dist/index.js"),
    (name = "training.js", esModule = embed "../../../dist/training.js"),
    (name = "core.wasm", wasm = embed "../../../dist/core.wasm"),
    (name = "model.nlrvqa", data = embed "model.nlrvqa"),
  ],
  compatibilityDate = "2026-01-01"
);
