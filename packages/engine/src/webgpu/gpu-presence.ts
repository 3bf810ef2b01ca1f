/** Folders and files that Linux has for each GPU: of kernel drivers, of NVIDIA's own, and of Windows Subsystem for Linux. */
const LINUX_DEVICES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg']
/** Choose a Vulkan driver, so somebody wants one. */
const DRIVER_VARIABLES = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES']

/**
 * Whether this machine may have a GPU. Asking ONNX Runtime for an adapter starts every Vulkan driver, and on Linux software drivers
 * print warnings, so nobody should ask in vain. `true` where this cannot be told: in browsers, and on other systems.
 */
export const mayHaveGpu = (): boolean => {
  const { process } = globalThis
  if (process?.platform !== 'linux') return true
  const fs = process.getBuiltinModule?.('node:fs')
  return (
    fs === undefined ||
    DRIVER_VARIABLES.some((name) => process.env[name]) ||
    LINUX_DEVICES.some((path) => fs.existsSync(path))
  )
}
