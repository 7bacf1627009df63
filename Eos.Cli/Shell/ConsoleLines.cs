namespace Eos.Cli.Shell;

/// <summary>Lines typed at a terminal, with editing, history, completion and search.</summary>
internal sealed class ConsoleLines(Terminal terminal, History history, Completer completer) : ILineSource
{
    private readonly LineBuffer _line = new();
    private string _prompt = "";
    private int _row;

    public async Task<string?> ReadAsync(string prompt, CancellationToken cancel)
    {
        _prompt = prompt;
        _row = 0;
        _line.Set("");
        Console.TreatControlCAsInput = true;
        try
        {
            Draw();
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                switch (_line.Press(Console.ReadKey(intercept: true)))
                {
                    case KeyOutcome.Accept: return End(_line.Text);
                    case KeyOutcome.Abandon: return End("");
                    case KeyOutcome.EndOfInput: return End(null);
                    case KeyOutcome.Older: Show(history.Older(_line.Text)); break;
                    case KeyOutcome.Newer: Show(history.Newer()); break;
                    case KeyOutcome.Clear: Write("\e[H\e[2J"); _row = 0; Draw(); break;
                    case KeyOutcome.Search: if (Search()) return End(_line.Text); break;
                    case KeyOutcome.Complete: await CompleteAsync(cancel); break;
                    case KeyOutcome.Edited: Draw(); break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private async Task CompleteAsync(CancellationToken cancel)
    {
        var (start, choices) = await completer.CompleteAsync(_line.Text[.._line.Cursor], cancel);
        var typed = _line.Text[start.._line.Cursor];
        var common = Completer.CommonStart(choices);
        if (common.Length > typed.Length || choices.Count == 1) _line.ReplaceBeforeCursor(start, common);
        else if (choices.Count > 1)
        {
            Write("\n\e[J" + Completer.InColumns(choices, Width) + "\n");
            _row = 0;
        }
        Draw();
    }

    /// <summary>Looks backwards through the history while the person types; true when the line found is to be run at once.</summary>
    private bool Search()
    {
        var (sought, at) = ("", history.Lines.Count);
        while (true)
        {
            var found = at < history.Lines.Count ? history.Lines[at] : "";
            Write(LineFrame.Draw($"(search) '{sought}': ", found, 0, Width, ref _row));
            var key = Console.ReadKey(intercept: true);
            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            var older = -1;
            if (control && key.Key == ConsoleKey.R) older = history.Find(sought, at);
            else if (key.Key == ConsoleKey.Backspace && sought.Length > 0) older = history.Find(sought = sought[..^1], history.Lines.Count);
            else if (!control && !char.IsControl(key.KeyChar)) older = history.Find(sought += key.KeyChar, history.Lines.Count);
            else
            {
                if (!control && key.Key != ConsoleKey.Escape || control && key.Key is ConsoleKey.J or ConsoleKey.M) _line.Set(found);
                Draw();
                return key.Key == ConsoleKey.Enter;
            }
            if (older >= 0) at = older;
        }
    }

    private void Show(string? text)
    {
        if (text is null) return;
        _line.Set(text);
        Draw();
    }

    private string? End(string? line)
    {
        _line.Set(_line.Text);
        Draw();
        Write("\n");
        return line;
    }

    private void Draw() => Write(LineFrame.Draw(_prompt, _line.Text, _line.Cursor, Width, ref _row));

    private void Write(string text)
    {
        terminal.Out.Write(text);
        terminal.Out.Flush();
    }

    private static int Width => Console.WindowWidth is var width and > 0 ? width : 80;
}
