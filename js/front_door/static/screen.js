/** One screen: a notebook that is run when it opens and shows what it found, not how. */

import { say } from './words.js';

const WORDS = {
  failed: 'This screen could not be run to its end.',
  stopped: 'The program behind this screen has stopped. Reload to start it again.',
  action: 'The last action failed and may not have been stored. Reload to see what is.',
};

/** Keys that stay useful in a screen: function keys, and the command palette. */
function isForLab(event) {
  const palette = (event.ctrlKey || event.metaKey) && event.shiftKey && event.code === 'KeyC';
  return palette || /^F\d+$/.test(event.key);
}

function button(label, hint, onClick, className = 'cw-button') {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = className;
  node.textContent = label;
  node.title = hint;
  node.addEventListener('click', onClick);
  return node;
}

export class Screen {
  /** `house` is what the plugin shares with its screens. */
  constructor(panel, house) {
    this.panel = panel;
    this.house = house;
    this.turn = 0; // counts the runs; only the last may say how it ended
    this.starting = false;
    this.fault = ''; // what the kernel last complained of
    // The panel's title is left alone: changing the label of a document renames its file.
    this.toggleCode();
    this.state = 'busy';
    this.#buildToolbar();
    this.notice = this.#buildNotice();
    this.#guard();
    this.#watchKernel();
    this.#stayClean();
  }

  get codeHidden() {
    return this.panel.hasClass('cw-screen');
  }

  /** What tests and styles see: busy, ok or failed. */
  set state(value) {
    this.panel.node.dataset.cw = value;
    this.panel.node.setAttribute('aria-busy', String(value === 'busy'));
  }

  /** A new panel shows its code; a screen hides it at once. */
  toggleCode() {
    this.panel.toggleClass('cw-screen');
    this.panel.fit();
    this.panel.content.update();
    window.dispatchEvent(new Event('resize'));
  }

  /** Run every cell; with `restart`, in a new kernel, even while an earlier run is stuck. */
  async run({ restart }) {
    if (this.starting) {
      return;
    }
    this.turn += 1;
    const { turn } = this;
    const end = (state, notice) => {
      if (turn === this.turn) {
        this.state = state;
        this.#tell(notice);
        this.clock.textContent = new Date().toLocaleTimeString([], { timeStyle: 'short' });
      }
    };
    this.state = 'busy';
    this.#tell('');
    try {
      await this.#startKernel(restart);
      const ok = await this.#runCells();
      end(ok ? 'ok' : 'failed', ok ? '' : `${say(WORDS.failed)} ${this.fault}`);
    } catch (error) {
      end('failed', `${say(WORDS.failed)} ${error.message ?? error}`);
    }
  }

  /** Someone returns to this screen: what only shows is shown as it is now. */
  comeBack() {
    if (this.house.entry.live && this.panel.node.dataset.cw !== 'busy') {
      void this.run({ restart: false });
    }
  }

  async #startKernel(restart) {
    const { context, revealed, sessionContext } = this.panel;
    this.starting = true;
    try {
      await context.ready;
      await revealed;
      await sessionContext.ready;
      if (restart) {
        // A new kernel, not a restarted one: replies to its first requests, which cross
        // the old connection while that is being closed, would be lost.
        await sessionContext.changeKernel({ name: sessionContext.session?.kernel?.name });
      }
      const kernel = sessionContext.session?.kernel;
      if (!kernel) {
        throw new Error('No kernel could be started.');
      }
      await kernel.info;
    } finally {
      this.starting = false;
    }
  }

  async #runCells() {
    const { content, sessionContext } = this.panel;
    const top = content.outerNode.scrollTop;
    const ok = await this.house.lab.NotebookActions.runAll(content, sessionContext);
    // Running moves to the last cell; the reader stays where they were.
    content.activeCellIndex = 0;
    content.outerNode.scrollTo({ top });
    return ok;
  }

  #buildToolbar() {
    const { entry, entries, open, goHome } = this.house;
    const places = document.createElement('nav');
    places.setAttribute('aria-label', say('Screens'));
    places.append(button(say('Home'), say('Back to the first page'), goHome, 'cw-place'));
    for (const { name, path, title, about } of entries) {
      if (name !== 'home') {
        places.append(button(title, about, () => void open(path), 'cw-place'));
      }
    }
    const here = entry.name === 'home' ? say('Home') : entry.title;
    for (const place of places.children) {
      if (place.textContent === here) {
        place.setAttribute('aria-current', 'page');
      }
    }
    const tools = document.createElement('div');
    this.clock = document.createElement('time');
    this.clock.title = say('When this screen was last run');
    tools.append(
      this.clock,
      button(say('Reload'), say('Start this screen again with what is stored now'), () =>
        void this.run({ restart: true }),
      ),
      button(say('Code'), say('Show or hide the code (F8)'), () =>
        void this.house.app.commands.execute('collection-workbench:toggle-code'),
      ),
    );
    this.#addToToolbar(0, 'cw-places', places);
    this.#addToToolbar(1, 'cw-tools', tools);
  }

  #addToToolbar(rank, name, node) {
    const widget = new this.house.lab.Widget({ node });
    widget.addClass(name);
    this.panel.toolbar.insertItem(rank, name, widget);
  }

  /** Put something above the cells, in the column that scrolls. */
  putAbove(node) {
    this.panel.content.outerNode.prepend(node);
  }

  #buildNotice() {
    const notice = document.createElement('p');
    notice.className = 'cw-notice';
    notice.setAttribute('role', 'alert');
    notice.hidden = true;
    this.putAbove(notice);
    return notice;
  }

  #tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = text === '';
  }

  /** Keys, double clicks and links do what a reader of a screen expects. */
  #guard() {
    const { node } = this.panel;
    // Without this, d d typed on a screen would delete one of its cells.
    node.addEventListener('keydown', (event) => {
      if (this.codeHidden && !isForLab(event)) {
        event.stopPropagation();
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS') {
          event.preventDefault();
        }
      }
    });
    const onText = (event) => event.target.closest('.jp-MarkdownCell') !== null;
    node.addEventListener(
      'dblclick',
      (event) => {
        if (this.codeHidden && onText(event)) {
          event.stopPropagation();
        }
      },
      true,
    );
    // JupyterLab follows links in its own text; those in widgets are ours to follow.
    node.addEventListener('click', (event) => {
      const href = event.target.closest('a[href]')?.getAttribute('href') ?? '';
      const named = /^(?:\.\/)?([^/:?#]+)\.ipynb$/.exec(href)?.[1];
      const screen = this.house.entries.find(({ name }) => name === named);
      if (screen && !event.defaultPrevented) {
        event.preventDefault();
        void this.house.open(screen.path);
      }
    });
  }

  /** Say so when the kernel stops, and when a widget's action raises where nobody looks. */
  #watchKernel() {
    const { sessionContext } = this.panel;
    sessionContext.statusChanged.connect((_, status) => {
      if (status === 'dead' || status === 'autorestarting') {
        this.state = 'failed';
        this.#tell(say(WORDS.stopped));
      }
    });
    sessionContext.iopubMessage.connect((_, message) => {
      if (message.header.msg_type !== 'error') {
        return;
      }
      const { ename, evalue } = message.content;
      this.fault = `${ename}: ${evalue}`;
      if (message.parent_header?.msg_type !== 'execute_request') {
        this.state = 'failed';
        this.#tell(`${say(WORDS.action)} ${this.fault}`);
      }
    });
  }

  /** A screen is not a document: nothing to save, no question when it closes. */
  #stayClean() {
    const { context } = this.panel;
    void context.ready.then(() => {
      const { model } = context;
      const clean = () => {
        if (this.codeHidden && model.dirty) {
          model.dirty = false;
        }
      };
      clean();
      model.stateChanged.connect(clean);
    });
  }
}
