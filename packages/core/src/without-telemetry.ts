/**
 * Turns off the telemetry of ONNX Runtime. From 1.29 on, its native build for Linux and macOS reports models and runs to its
 * maker, and stores an identifier in the user's home, unless `ORT_DISABLE_TELEMETRY` is set when it loads. A value that the
 * user has set stays.
 *
 * Only the main thread's environment is the process's: call it there, before the runtime loads.
 */
export const withoutTelemetry = (): void => {
  const env = globalThis.process?.env
  if (env !== undefined) env.ORT_DISABLE_TELEMETRY ??= '1'
}
