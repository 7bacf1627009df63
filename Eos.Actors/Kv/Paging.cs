namespace Eos.Kv;

/// <summary>Reads in pages: where to go on, how many, which. A cursor is `0` (begin; or: that was all) or `next:` and the first key of the page.</summary>
internal readonly record struct Paging(ReadOnlyMemory<byte> From, int Count, ReadOnlyMemory<byte>? Match)
{
    private const int DefaultCount = 100;
    private const int MaxCount = 1_000_000;

    /// <summary>Reads the cursor at a word and the options behind it; a reply when they are wrong.</summary>
    /// <param name="option">The name of the option that takes a pattern; null if there is none.</param>
    public static Reply? Read(Request request, int cursor, string? option, out Paging paging)
    {
        paging = new Paging(default, DefaultCount, null);
        if (request[cursor].StartsWith("next:"u8)) paging = paging with { From = request.Words[cursor][5..] };
        else if (!request[cursor].SequenceEqual("0"u8)) return Reply.Err("invalid cursor");
        for (var word = cursor + 1; word < request.Count; word += 2)
        {
            if (word + 1 == request.Count) return Reply.Err("syntax error");
            if (request.Is(word, "COUNT"))
            {
                if (request[word + 1].StartsWith("-"u8) || request[word + 1].SequenceEqual("0"u8)) return Reply.Err("syntax error");
                if (!request.TryInteger(word + 1, out var count) || count < 1) return Reply.Err("value is not an integer or out of range");
                paging = paging with { Count = (int)Math.Min(count, MaxCount) };
            }
            else if (option is not null && request.Is(word, option)) paging = paging with { Match = request.Words[word + 1] };
            else return Reply.Err("syntax error");
        }
        return null;
    }

    public bool Fits(ReadOnlySpan<byte> text) => Match is not { } pattern || Pattern.Fits(pattern.Span, text);

    /// <summary>A page of rows that begin at the cursor: the next cursor and what each row gives.</summary>
    public Reply Page(UserSpace space, IEnumerable<KvRow> rows, Func<KvRow, IEnumerable<Reply>> give) => Page(space, rows, give, row => row.Key);

    public Reply Page(UserSpace space, IEnumerable<KvRow> rows, Func<KvRow, IEnumerable<Reply>> give, Func<KvRow, ReadOnlyMemory<byte>> place)
    {
        var (items, examined, size) = (new List<Reply>(), 0, 0L);
        foreach (var row in rows)
        {
            if (examined++ == Count || size >= KvLimits.MaxPage) return Reply.Array(Next(place(row)), Reply.Array(items));
            foreach (var item in give(row))
            {
                items.Add(item);
                size += item.Size + 8;
            }
            if (size > space.Room) return UserSpace.TooLarge;
        }
        return Reply.Array(Reply.Bulk("0"), Reply.Array(items));
    }

    /// <summary>The first rows, until they take a page; two at least, so that whoever begins with the last one gets on.</summary>
    public static IEnumerable<KvRow> Within(IEnumerable<KvRow> rows, Func<KvRow, long> size)
    {
        var (taken, count) = (0L, 0);
        foreach (var row in rows)
        {
            if (taken >= KvLimits.MaxPage && count >= 2) yield break;
            yield return row;
            (taken, count) = (taken + size(row), count + 1);
        }
    }

    public static Reply Next(ReadOnlyMemory<byte> place) => Reply.Bulk((byte[])[.. "next:"u8, .. place.Span]);
}
