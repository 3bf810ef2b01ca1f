import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files of a model that training starts from: config, tokenizer, text preparation, weights. */
const READ = /\.(json|txt|model|safetensors|bin)$/
/** Files that do not change what is trained. */
const UNREAD: ReadonlySet<string> = new Set(['kic.json', 'report.json', 'run.json'])

/** SHA-256 of everything in a saved model's folder that training starts from; `undefined` from scratch. */
export const digestOfFolder = async (folder: string | undefined): Promise<string | undefined> => {
  if (folder === undefined) return undefined
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name)
    if (!READ.test(name) || UNREAD.has(name) || !(await stat(path)).isFile()) continue
    hash.update(JSON.stringify(name))
    for await (const bytes of createReadStream(path)) hash.update(bytes)
  }
  return hash.digest('hex')
}
