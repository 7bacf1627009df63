namespace Eos.Kernel;

/// <summary>The rules said no and nothing changed: the number for programs, the text for people.</summary>
public sealed record Refusal(Errno Why, string Text);

/// <summary>How <see cref="Client.EosClient"/> and the edges report a refusal or an outcome that cannot be known.</summary>
public class EosException(Errno why, string text) : Exception(text)
{
    public Errno Why { get; } = why;
}
