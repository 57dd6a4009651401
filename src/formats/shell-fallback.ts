import type { SimpleCommand, Statement } from '../syntax/shell';

/**
 * What a list does with a failure: `succeeds` steps over it, `fails` hands it on, `handles` does something about it
 * that may or may not.
 */
export type Outcome = 'succeeds' | 'fails' | 'handles';

const words = (statement: SimpleCommand) => statement.words.map((word) => word.value ?? word.text);

/** The outcome of what stands behind `||`: `true`, `:`, `exit 0` and mere talk succeed, `exit 1` fails. */
export function outcomeOf(statement: Statement): Outcome {
  switch (statement.kind) {
    case 'command': {
      const [name, first] = words(statement);
      if (name === undefined) return 'handles';
      if (name === 'true' || name === ':') return 'succeeds';
      if (name === 'false') return 'fails';
      if (name === 'exit' || name === 'return') return first === '0' ? 'succeeds' : 'fails';
      const isTalk = name === 'echo' || name === 'printf';
      // What is written to a file is read by somebody.
      const isKept = statement.redirects.some(
        ({ target }) => target !== undefined && !/^(?:[12]|&[12]|\/dev\/\w+)$/.test(target.text),
      );
      // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: shown on the run's page.
      const isAnnotation = /^::(?:warning|error)\b/.test(first ?? '');
      return isTalk && !isKept && !isAnnotation ? 'succeeds' : 'handles';
    }
    case 'group': {
      if (statement.redirects.some((redirect) => redirect.target !== undefined)) return 'handles';
      const outcomes = statement.body.map(outcomeOf);
      if (outcomes.includes('fails')) return 'fails';
      return outcomes.length > 0 && outcomes.every((each) => each === 'succeeds')
        ? 'succeeds'
        : 'handles';
    }
    default:
      return 'handles';
  }
}
