/** The plugin: which notebooks are screens, the commands, the tiles, the quiet frame. */

import { Screen } from './screen.js';
import { Frame } from './frame.js';
import { ICON, tiles } from './tiles.js';
import { learn, say } from './words.js';

const ID = 'collection-workbench';
const CATEGORY = 'Collection Workbench';

/** The screens of this version, in their order: `[{path, name, title, about, live}]`. */
function listed(PageConfig) {
  return JSON.parse(PageConfig.getOption('collectionWorkbenchScreens') || '[]');
}

/** Resolves once the style is in use: a screen is never laid out without it. */
function addStyle() {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL('front_door.css', import.meta.url).href;
    link.addEventListener('load', resolve);
    link.addEventListener('error', reject);
    document.head.append(link);
  });
}

/** The plugin, made from the packages that JupyterLab shares. */
export function makePlugin(lab) {
  const { ILauncher, INotebookTracker, LabIcon, PageConfig } = lab;

  async function activate(app, tracker, launcher) {
    learn(PageConfig);
    await addStyle();
    const entries = listed(PageConfig);
    const screens = new Map();
    const frame = new Frame(app, screens);
    const current = () => screens.get(app.shell.currentWidget);
    const icon = new LabIcon({ name: `${ID}:screen`, svgstr: ICON });

    // Kernels that were alive before this page: their screens start again from nothing.
    const { sessions } = app.serviceManager;
    const earlier = sessions
      .refreshRunning()
      .then(() => new Set([...sessions.running()].map(({ path }) => path)));

    const open = (path) =>
      app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
    const goHome = () => {
      const home = entries.find(({ name }) => name === 'home');
      return home ? open(home.path) : app.commands.execute('launcher:create');
    };

    app.commands.addCommand(`${ID}:open`, {
      label: ({ title }) => title ?? say('Open a screen'),
      caption: ({ about }) => about ?? '',
      icon,
      execute: ({ path }) => open(path),
    });
    app.commands.addCommand(`${ID}:home`, { label: say('Home'), icon, execute: goHome });
    app.commands.addCommand(`${ID}:reload`, {
      label: say('Run the screen again'),
      isEnabled: () => current() !== undefined,
      execute: () => current()?.run({ restart: true }),
    });
    app.commands.addCommand(`${ID}:toggle-code`, {
      label: say('Show or hide the code'),
      isEnabled: () => current() !== undefined,
      execute: () => {
        current()?.toggleCode();
        frame.settle();
      },
    });
    // Not a key binding of Lab: a field of a widget keeps its keys from Lab.
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'F8' && current()) {
          event.preventDefault();
          void app.commands.execute(`${ID}:toggle-code`);
        }
      },
      true,
    );

    function adopt(panel) {
      const entry = entries.find(({ path }) => path === panel.context.path);
      if (!entry || screens.has(panel)) {
        return;
      }
      const screen = new Screen(panel, { app, lab, entry, entries, open, goHome });
      screens.set(panel, screen);
      panel.disposed.connect(() => screens.delete(panel));
      if (entry.name === 'home') {
        screen.putAbove(tiles(entries, open));
      }
      frame.settle();
      void earlier.then((paths) => screen.run({ restart: paths.delete(entry.path) }));
    }
    tracker.widgetAdded.connect((_, panel) => adopt(panel));
    tracker.forEach(adopt);

    void app.restored.then(() =>
      app.shell.currentChanged?.connect(() => {
        frame.settle();
        current()?.comeBack();
      }),
    );

    entries.forEach(({ path, title, about }, rank) =>
      launcher?.add({
        command: `${ID}:open`,
        args: { path, title, about },
        category: CATEGORY,
        rank,
      }),
    );
  }

  return {
    id: `${ID}:front-door`,
    description: 'Opens screens already run, with their code hidden.',
    autoStart: true,
    requires: [INotebookTracker],
    optional: [ILauncher],
    activate,
  };
}
