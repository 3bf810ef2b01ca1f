import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs an action on a temporary folder that holds the config of another one and one of its files, under a new name. */
export const withOneFile = async <T>(
  folder: string,
  file: string,
  name: string,
  action: (folder: string) => Promise<T>,
): Promise<T> => {
  const temporary = await mkdtemp(join(tmpdir(), 'kic-parity-'))
  try {
    await copyFile(join(folder, 'config.json'), join(temporary, 'config.json'))
    await copyFile(join(folder, file), join(temporary, name))
    return await action(temporary)
  } finally {
    await rm(temporary, { recursive: true })
  }
}
