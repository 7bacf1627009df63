namespace Akka;

/// <summary>The result of something that was done and has nothing to say.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done() { }
}
