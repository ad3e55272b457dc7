import type { Command } from 'commander';
import { TurboError } from '../../domain/errors.ts';
import { candidatesFor } from '../complete-words.ts';
import { runningProjectNames } from '../running-project-names.ts';
import type { CommandRunner } from './command-runner.ts';

type CompletedShell = 'bash' | 'zsh' | 'fish';

/** `completion`: a script to source. The script asks `completion --words <position> -- <words>` for what may come next. */
export function addCompletionCommand(program: Command, runner: CommandRunner): void {
  program
    .command('completion')
    .argument('[shell...]', 'bash, zsh or fish: whose script to print')
    .option('--words <position>', 'print what may stand at this position of the words that follow --')
    .description('print a script that completes our commands in your shell')
    .addHelpText(
      'after',
      '\nFor good: turbobackend completion bash >> ~/.bashrc\n' +
        '          turbobackend completion zsh >> ~/.zshrc\n' +
        '          turbobackend completion fish > ~/.config/fish/completions/turbobackend.fish',
    )
    .action(async (given: readonly string[], { words }: { readonly words?: string }) => {
      const screen = runner.screen({});
      if (words === undefined) return screen.print(scriptFor(given));
      const read = given.slice(1, Number(words) + 1);
      const found = await candidatesFor(program, read, () => runningProjectNames(screen.shell));
      if (found.length > 0) screen.print(found.join('\n'));
    });
}

function scriptFor([shell = '', ...more]: readonly string[]): string {
  if (more.length === 0 && isCompleted(shell)) return SCRIPTS[shell];
  throw new TurboError(
    'USAGE',
    shell === '' ? 'No shell is named' : `There is no completion for ${[shell, ...more].join(' ')}`,
    {
      fix: 'turbobackend completion bash, zsh or fish; --help tells where the script belongs.',
    },
  );
}

function isCompleted(shell: string): shell is CompletedShell {
  return Object.hasOwn(SCRIPTS, shell);
}

const SCRIPTS: Readonly<Record<CompletedShell, string>> = {
  bash: `_turbobackend() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" completion --words "$COMP_CWORD" -- "\${COMP_WORDS[@]}" 2>/dev/null))
}
complete -o default -F _turbobackend turbobackend`,
  zsh: `_turbobackend() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion --words $((CURRENT - 1)) -- "\${(@)words}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
compdef _turbobackend turbobackend`,
  fish: `function __turbobackend_complete
  set -l words (commandline -opc)
  $words[1] completion --words (count $words) -- $words (commandline -ct) 2>/dev/null
end
complete -c turbobackend -a '(__turbobackend_complete)'`,
};
