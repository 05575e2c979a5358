;;; emacs.el --- Opens a model in Emacs as a user does, and prints what was seen  -*- lexical-binding: t; -*-

;; emacs --batch -l emacs.el SETTINGS FILE: with the settings of editors/emacs, in Eglot.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'json)

(defvar seconds 60)
(defvar settings (pop command-line-args-left))
(defvar path (pop command-line-args-left))

(defun wait-for (what condition)
  "The first value of CONDITION that is not nil; an error that tells WHAT is waited for in vain."
  (let ((end (+ (float-time) seconds)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end)
        (error "In vain: %s; %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
      (accept-process-output nil 0.05))
    found))

(defun findings (pattern)
  "The diagnostics of the buffer whose text matches PATTERN."
  (seq-filter (lambda (each) (string-match-p pattern (flymake-diagnostic-text each)))
              (flymake-diagnostics)))

(defun hovered ()
  "What the server says of the place at point."
  (let (answer (done nil))
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq answer text done t)))
    (let ((end (+ (float-time) 5)))
      (while (and (not done) (< (float-time) end)) (accept-process-output nil 0.05)))
    (and answer (substring-no-properties answer))))

(load settings nil t)
(setq numpyro-lint-trusted t
      eglot-sync-connect 30
      eglot-events-buffer-size 0
      make-backup-files nil)
(find-file path)
(python-mode)
(eglot-ensure)
(run-hooks 'post-command-hook)
(wait-for "a server" #'eglot-current-server)

(let* ((found (car (wait-for "what the data say of the funnel"
                             (lambda () (flymake-start) (findings "scale of 'theta'.*[0-9]+ %")))))
       (line (line-number-at-pos (flymake-diagnostic-beg found)))
       (message (flymake-diagnostic-text found))
       (hover (progn (goto-char (point-min))
                     (search-forward "\"theta")
                     (wait-for "a hover with a shape"
                               (lambda ()
                                 (let ((text (hovered)))
                                   (and text (string-match-p "(8,)" text) text))))))
       offered)
  (goto-char (flymake-diagnostic-beg found))
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt items &rest _)
               (setq offered (mapcar (lambda (each) (if (consp each) (car each) each)) items))
               (seq-find (lambda (each) (string-match-p "Reparameterise" each)) offered))))
    ;; As asked for by a key: after a click it would be a menu.
    (let ((last-nonmenu-event ?a)) (call-interactively #'eglot-code-actions)))
  (wait-for "the edit" #'buffer-modified-p)
  (eglot--signal-textDocument/didChange)
  (wait-for "the finding to go" (lambda () (flymake-start) (not (findings "scale of 'theta'"))))
  (princ (json-encode `((version . ,emacs-version)
                        (diagnostic . ((line . ,line) (message . ,message)))
                        (hover . ,hover)
                        (actions . ,(vconcat offered))
                        (text . ,(buffer-substring-no-properties (point-min) (point-max)))
                        (left . ,(length (findings "scale of 'theta'"))))))
  (terpri)
  (eglot-shutdown (eglot-current-server))
  (set-buffer-modified-p nil))
;;; emacs.el ends here
