namespace Eos.Cli.Shell;

/// <summary>What the reader of keys has to do after a key.</summary>
internal enum KeyOutcome
{
    Edited = 0,
    Accept = 1,
    Abandon = 2,
    EndOfInput = 3,
    Complete = 4,
    Older = 5,
    Newer = 6,
    Search = 7,
    Clear = 8,
    Ignored = 9,
}

/// <summary>The line being typed: text, cursor and what was last cut. Knows the usual keys of a terminal line, and no terminal.</summary>
internal sealed class LineBuffer
{
    private string _cut = "";

    public string Text { get; private set; } = "";
    public int Cursor { get; private set; }

    /// <summary>Replaces the whole line; the cursor goes behind it.</summary>
    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    /// <summary>Replaces what stands from <paramref name="start"/> to the cursor.</summary>
    public void ReplaceBeforeCursor(int start, string with)
    {
        Text = Text[..start] + with + Text[Cursor..];
        Cursor = start + with.Length;
    }

    /// <summary>Takes one key; what it does to the line is done, the rest is the caller's.</summary>
    public KeyOutcome Press(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control)) return Control(key);
        if (key.Modifiers.HasFlag(ConsoleModifiers.Alt)) return Alt(key.Key);
        switch (key.Key)
        {
            case ConsoleKey.Enter: return KeyOutcome.Accept;
            case ConsoleKey.Tab: return KeyOutcome.Complete;
            case ConsoleKey.UpArrow: return KeyOutcome.Older;
            case ConsoleKey.DownArrow: return KeyOutcome.Newer;
            case ConsoleKey.LeftArrow: return MoveTo(Cursor - 1);
            case ConsoleKey.RightArrow: return MoveTo(Cursor + 1);
            case ConsoleKey.Home: return MoveTo(0);
            case ConsoleKey.End: return MoveTo(Text.Length);
            case ConsoleKey.Backspace: return Remove(Cursor - 1, Cursor, keep: false);
            case ConsoleKey.Delete: return Remove(Cursor, Cursor + 1, keep: false);
            case ConsoleKey.Escape: return KeyOutcome.Ignored;
        }
        if (char.IsControl(key.KeyChar)) return KeyOutcome.Ignored;
        ReplaceBeforeCursor(Cursor, key.KeyChar.ToString());
        return KeyOutcome.Edited;
    }

    private KeyOutcome Control(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.A => MoveTo(0),
        ConsoleKey.E => MoveTo(Text.Length),
        ConsoleKey.B => MoveTo(Cursor - 1),
        ConsoleKey.F => MoveTo(Cursor + 1),
        ConsoleKey.LeftArrow => MoveTo(WordLeft()),
        ConsoleKey.RightArrow => MoveTo(WordRight()),
        ConsoleKey.H => Remove(Cursor - 1, Cursor, keep: false),
        ConsoleKey.K => Remove(Cursor, Text.Length, keep: true),
        ConsoleKey.U => Remove(0, Cursor, keep: true),
        ConsoleKey.W or ConsoleKey.Backspace => Remove(WordLeft(), Cursor, keep: true),
        ConsoleKey.Y => Paste(),
        ConsoleKey.P => KeyOutcome.Older,
        ConsoleKey.N => KeyOutcome.Newer,
        ConsoleKey.R => KeyOutcome.Search,
        ConsoleKey.L => KeyOutcome.Clear,
        ConsoleKey.J or ConsoleKey.M => KeyOutcome.Accept,
        ConsoleKey.I => KeyOutcome.Complete,
        ConsoleKey.C => KeyOutcome.Abandon,
        ConsoleKey.D when Text.Length == 0 => KeyOutcome.EndOfInput,
        ConsoleKey.D => Remove(Cursor, Cursor + 1, keep: false),
        _ => KeyOutcome.Ignored,
    };

    private KeyOutcome Alt(ConsoleKey key) => key switch
    {
        ConsoleKey.B => MoveTo(WordLeft()),
        ConsoleKey.F => MoveTo(WordRight()),
        ConsoleKey.D => Remove(Cursor, WordRight(), keep: true),
        ConsoleKey.Backspace => Remove(WordLeft(), Cursor, keep: true),
        _ => KeyOutcome.Ignored,
    };

    private KeyOutcome Paste()
    {
        ReplaceBeforeCursor(Cursor, _cut);
        return KeyOutcome.Edited;
    }

    private KeyOutcome MoveTo(int position)
    {
        Cursor = Math.Clamp(position, 0, Text.Length);
        return KeyOutcome.Edited;
    }

    private KeyOutcome Remove(int from, int to, bool keep)
    {
        (from, to) = (Math.Clamp(from, 0, Text.Length), Math.Clamp(to, 0, Text.Length));
        if (keep && to > from) _cut = Text[from..to];
        Text = Text.Remove(from, to - from);
        Cursor = from;
        return KeyOutcome.Edited;
    }

    private int WordLeft()
    {
        var i = Cursor;
        while (i > 0 && char.IsWhiteSpace(Text[i - 1])) i--;
        while (i > 0 && !char.IsWhiteSpace(Text[i - 1])) i--;
        return i;
    }

    private int WordRight()
    {
        var i = Cursor;
        while (i < Text.Length && char.IsWhiteSpace(Text[i])) i++;
        while (i < Text.Length && !char.IsWhiteSpace(Text[i])) i++;
        return i;
    }
}
