/** What is used of WebAssembly. Its types come with those of a browser, which nothing here runs in. */
export type WasmInstance = { exports: Record<string, unknown> };
export type WasmMemory = { buffer: ArrayBuffer };

export type Wasm = {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<WasmInstance>;
};

export const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
