import { Argument, Command } from 'commander'
import { buildBase } from './build-base.ts'
import { buildMini } from './build-mini.ts'
import { placesOf } from './places.ts'
import { baseSettings, miniSettings } from './settings.ts'

await new Command('npm run build:model --')
  .description('Trains, packs, calibrates and documents a model that a package brings.')
  .addArgument(new Argument('<model>', 'which one').choices(['mini', 'base']))
  .addHelpText(
    'after',
    '\nWhat runs/model-NAME already has is not trained again. mini is a student of base, so build that first.\n\n' +
      'Examples:\n  npm run build:model -- base\n  rm -r runs/model-mini && npm run build:model -- mini',
  )
  .action((name: 'mini' | 'base') =>
    name === 'base' ? buildBase(baseSettings, placesOf(name)) : buildMini(miniSettings, placesOf(name)),
  )
  .parseAsync()
