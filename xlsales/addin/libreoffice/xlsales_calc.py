"""The file that LibreOffice loads: it finds the installed package, or says what to do.

It is part of xlsales.oxt and runs in LibreOffice's own Python. The folders of the package are in `xlsales-python.txt`
beside it, one a line; `xlsales addin install --for libreoffice` writes them. The package itself is imported at the first
function or command, so that the installation stays quick.
"""

import pathlib
import site
import sys
import traceback

import unohelper
from com.sun.star.lang import Locale, XLocalizable, XServiceInfo, XServiceName
from com.sun.star.task import XJob, XJobExecutor
from com.xlsales.calc import XSalesTargets

FUNCTIONS = "com.xlsales.calc.SalesTargets"
COMMANDS = "com.xlsales.calc.Commands"
OPENED = "com.xlsales.calc.Opened"
MISSING = {
    "zh": "找不到 xlsales 的 Python 包({why})。请在命令行运行 xlsales addin install --for libreoffice,再重新打开 LibreOffice。",
    "en": "The Python package xlsales is not found ({why}). Run xlsales addin install --for libreoffice, then restart.",
}


def _find_package():
    """Add the folders that the installation named to the path; LibreOffice's own packages come first."""
    folders = pathlib.Path(__file__).with_name("xlsales-python.txt")
    for folder in folders.read_text("utf-8").splitlines() if folders.exists() else ():
        if folder and folder not in sys.path:
            site.addsitedir(folder)


def _missing(error):
    why = f"Python {sys.version_info[0]}.{sys.version_info[1]}, {type(error).__name__}: {error}"
    return " ".join(MISSING["zh"].format(why=why).split()) + "\n" + " ".join(MISSING["en"].format(why=why).split())


class SalesTargets(unohelper.Base, XSalesTargets, XServiceName, XServiceInfo, XLocalizable):
    """The worksheet functions: each call goes to the package, by the name of the function."""

    def __init__(self, context):
        self._locale = Locale("zh", "CN", "")
        try:
            _find_package()
            from xlsales.hosts.libreoffice.functions import call
        except Exception as error:
            sentence = _missing(error).replace("\n", " ")
            call = lambda name, caller, arguments: ((sentence,),)  # noqa: E731
        self._call = call

    def __getattr__(self, name):
        if not name.isupper():
            raise AttributeError(name)
        return lambda caller, *arguments: self._call(name, caller, arguments)

    def setLocale(self, locale):
        self._locale = locale

    def getLocale(self):
        return self._locale

    def getServiceName(self):
        return FUNCTIONS

    def getImplementationName(self):
        return FUNCTIONS

    def supportsService(self, name):
        return name == FUNCTIONS

    def getSupportedServiceNames(self):
        return (FUNCTIONS,)


class Commands(unohelper.Base, XJobExecutor, XServiceInfo):
    """The verbs of menu and toolbar: `service:com.xlsales.calc.Commands?split_target`."""

    def __init__(self, context):
        self._context = context

    def trigger(self, verb):
        try:
            _find_package()
            from xlsales.hosts.libreoffice.macros import run
        except Exception as error:
            self._say(_missing(error), traceback.format_exc())
            return
        run(self._context, verb)

    def _say(self, sentence, details):
        print(sentence, details, file=sys.stderr)
        desktop = self._context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        window = desktop.getCurrentFrame().getContainerWindow()
        from com.sun.star.awt.MessageBoxType import ERRORBOX

        window.getToolkit().createMessageBox(window, ERRORBOX, 1, "销售目标", sentence).execute()

    def getImplementationName(self):
        return COMMANDS

    def supportsService(self, name):
        return name == COMMANDS

    def getSupportedServiceNames(self):
        return (COMMANDS,)


class Opened(unohelper.Base, XJob, XServiceInfo):
    """The job that runs when a spreadsheet is opened: formulas that Excel saved become Calc's."""

    def __init__(self, context):
        self._context = context

    def execute(self, arguments):
        values = {one.Name: one.Value for one in arguments}
        document = {one.Name: one.Value for one in values.get("Environment") or ()}.get("Model")
        try:
            _find_package()
            from xlsales.hosts.libreoffice.excel_formulas import adopt

            adopt(document)
        except Exception:  # a document opens all the same
            traceback.print_exc()

    def getImplementationName(self):
        return OPENED

    def supportsService(self, name):
        return name == OPENED

    def getSupportedServiceNames(self):
        return (OPENED,)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(SalesTargets, FUNCTIONS, (FUNCTIONS,))
g_ImplementationHelper.addImplementation(Commands, COMMANDS, (COMMANDS,))
g_ImplementationHelper.addImplementation(Opened, OPENED, (OPENED,))
