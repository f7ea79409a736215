/** What operators read of the settings, made from their table: the manual's page and the sample file. */
import type { Setting } from './setting.ts';
import { SECTIONS } from './settings.ts';
import { DEFAULT_CONFIG_FILE, FILE_VARIABLE } from './sources.ts';

/** Letters in a line of the sample file. */
const SAMPLE_WIDTH = 100;

const REFERENCE_HEAD = `# Settings

<!-- Made from src/config/settings.ts by: npm run settings -->

Each setting is a variable of the environment or a line \`NAME=VALUE\` of the settings file, \`${DEFAULT_CONFIG_FILE}\` if
there is one, or what \`${FILE_VARIABLE}\` names (\`/dev/null\`: none). The environment wins. Settings are read once, at the
start; a value that cannot be used ends it with a sentence that names the setting, the line, and what it may be.

The file has the form of systemd's \`EnvironmentFile=\`, but no escapes: lines that begin with \`#\` or \`;\` are comments, a
value may stand in quotes. A name that is not known is an error there; in the environment, a \`CODELAND_\` name that is
not known is a warning. A value that is empty is none. The file must not be writable by others, nor, when it has
\`CODELAND_KEY\`, readable by them. [deploy/codeland.conf](../deploy/codeland.conf) is a sample with every setting.
`;

/** \`docs/configuration.md\`. */
export function renderReference(): string {
  const sections = SECTIONS.map(({ title, settings }) => {
    const rows = settings.map(({ name, form, what, ...rest }) => [
      `\`${name}\``,
      defaultOf(rest),
      `${what} ${capitalized(form)}.`,
    ]);
    return `\n## ${title}\n\n${markdownTable(['name', 'default', ''], rows)}\n`;
  });
  return REFERENCE_HEAD + sections.join('');
}

/** \`deploy/codeland.conf\`: every setting, none of them in force. */
export function renderSample(): string {
  const head = wrapped(
    `Settings of CodeLand, for ${DEFAULT_CONFIG_FILE}. What is commented out has its default. The environment wins over this file. Read at the start of the service: restart it after a change.`,
  );
  const sections = SECTIONS.map(({ title, settings }) => {
    const entries = settings.map(
      (each) =>
        wrapped(each.what) +
        wrapped(`${capitalized(each.form)}. Default: ${defaultOf(each)}.`) +
        `#${each.name}=${each.example}\n`,
    );
    return `\n## ${title}\n\n${entries.join('\n')}`;
  });
  return head + sections.join('');
}

const defaultOf = ({ defaultInWords, example }: Pick<Setting<unknown>, 'defaultInWords' | 'example'>) =>
  defaultInWords ?? `\`${example}\``;

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A text as lines of comments. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 3 > SAMPLE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}\n`).join('');
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((text, column) =>
    Math.max(3, text.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [heading, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}
