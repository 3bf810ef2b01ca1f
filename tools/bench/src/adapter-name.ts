import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** How each platform lists its GPUs, and where their names are in the answer. */
const LISTS: Partial<
  Record<NodeJS.Platform, { readonly command: readonly string[]; readonly name: RegExp }>
> = {
  linux: { command: ['vulkaninfo', '--summary'], name: /^\s*deviceName\s*=\s*(.+)$/gm },
  darwin: { command: ['system_profiler', 'SPDisplaysDataType'], name: /^\s*Chipset Model:\s*(.+)$/gm },
  win32: {
    command: ['powershell', '-NoProfile', '-Command', '(Get-CimInstance Win32_VideoController).Name'],
    name: /^(.+)$/gm,
  },
}

/** The names in an answer of the platform, without repetitions. */
export const namesIn = (answer: string, pattern: RegExp): readonly string[] => [
  ...new Set(Array.from(answer.matchAll(pattern), ([, name = '']) => name.trim()).filter(Boolean)),
]

/** The driver's library of a Vulkan manifest, such as `libvk_swiftshader.so`. */
export const driverIn = (manifest: string): string => {
  const { ICD }: { readonly ICD?: { readonly library_path?: string } } = JSON.parse(
    readFileSync(manifest, 'utf8'),
  )
  return ICD?.library_path?.split('/').at(-1) ?? manifest
}

/**
 * The GPU that the engine webgpu uses, as the platform names it; with several, all of them, because ONNX Runtime does
 * not say which one it took.
 */
export const adapterName = (): string => {
  const { platform, env } = process
  const list = LISTS[platform]
  const [program = '', ...args] = list?.command ?? []
  const { stdout } = list === undefined ? { stdout: '' } : spawnSync(program, args, { encoding: 'utf8' })
  const names = list === undefined ? [] : namesIn(stdout ?? '', list.name)
  if (names.length > 0) return names.join(' or ')
  const drivers = env.VK_ICD_FILENAMES?.split(':').map(driverIn)
  return drivers === undefined ? `unknown: install ${program || 'a GPU'} to name it` : drivers.join(' or ')
}
