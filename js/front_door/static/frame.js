/** The frame round a screen: menus and side bars while code is shown, nothing else before. */

const TITLE = 'Collection Workbench';

export class Frame {
  constructor(app, screens) {
    this.app = app;
    this.screens = screens;
    void app.restored.then(() => this.settle());
    this.#keepTitle();
  }

  /** Make the frame fit what stands in it. */
  settle() {
    const { shell } = this.app;
    const screen = this.screens.get(shell.currentWidget);
    if (screen && shell.mode !== 'single-document') {
      shell.mode = 'single-document';
    }
    const quiet = screen ? screen.codeHidden : shell.currentWidget?.id.startsWith('launcher');
    this.#showHeader(!quiet);
    if (quiet) {
      shell.collapseLeft();
      shell.collapseRight();
    }
    this.#showSideBar('left', !quiet);
    this.#showSideBar('right', !quiet);
    this.#setTitle();
  }

  #showHeader(wanted) {
    const { shell } = this.app;
    if (shell.isTopInSimpleModeVisible() !== wanted) {
      // Without effect where several documents stand side by side.
      shell.toggleTopInSimpleModeVisibility();
    }
    const [menu] = shell.widgets('menu');
    menu?.parent?.setHidden(!wanted);
  }

  #showSideBar(side, wanted) {
    const { shell } = this.app;
    if (shell.isSideTabBarVisible(side) !== wanted) {
      shell.toggleSideTabBarVisibility(side);
    }
  }

  /** JupyterLab writes the file's name into the tab of the browser; a reader wants words. */
  #keepTitle() {
    const element = document.querySelector('title');
    if (element) {
      new MutationObserver(() => this.#setTitle()).observe(element, { childList: true });
    }
  }

  #setTitle() {
    const screen = this.screens.get(this.app.shell.currentWidget);
    const title = screen ? `${screen.house.entry.title} – ${TITLE}` : TITLE;
    if (document.title !== title) {
      document.title = title;
    }
  }
}
