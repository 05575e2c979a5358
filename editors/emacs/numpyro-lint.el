;;; numpyro-lint.el --- Language server for NumPyro models  -*- lexical-binding: t; -*-

;;; Commentary:

;; For Eglot (Emacs 29 or newer).  Load this file, and turn on `eglot-ensure' in `python-mode-hook'.
;; Eglot runs one server in a buffer: this one replaces another Python server there.

;;; Code:

(require 'eglot)

(defgroup numpyro-lint nil
  "Language server for NumPyro models."
  :group 'tools)

(defcustom numpyro-lint-trusted nil
  "Whether the server may run models.
Set it for projects whose code you would run yourself, in your init file: with
`dir-locals-set-class-variables' and `dir-locals-set-directory-class' for some folders.
A `.dir-locals.el' comes with the project, which must not be able to trust itself."
  :type 'boolean
  :group 'numpyro-lint)

(defun numpyro-lint-command (_interactive)
  "The server's command, with the trust of the current buffer."
  `("numpyro-lint-server"
    :initializationOptions
    (:trusted ,(if numpyro-lint-trusted t :json-false)
     :settings (:trace "on" :pedantic :json-false))))

(add-to-list 'eglot-server-programs
             '((python-mode python-ts-mode) . numpyro-lint-command))

(provide 'numpyro-lint)
;;; numpyro-lint.el ends here
