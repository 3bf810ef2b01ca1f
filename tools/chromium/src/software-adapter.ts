import { existsSync } from 'node:fs'

/** Debian's chromium has SwiftShader, a Vulkan driver that computes on the processor. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

// Vulkan reads the variable when a process asks for its first adapter; one that is set chooses the driver.
if (existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES ??= SWIFTSHADER
