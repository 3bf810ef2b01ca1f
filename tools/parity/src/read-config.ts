import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRobertaConfig, type RobertaConfig } from '@kic/roberta'

/** The `config.json` of a folder. */
export const readConfig = async (folder: string): Promise<RobertaConfig> =>
  parseRobertaConfig(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
